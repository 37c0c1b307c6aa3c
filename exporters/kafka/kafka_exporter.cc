// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/kafka_exporter.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "exporters/kafka/topic_exporter.h"

namespace telltale::kafka {
namespace {

using std::chrono::milliseconds;

// One exporter per topic, and what they share.
class TopicsExporter final : public KafkaExporter {
  public:
    TopicsExporter(KafkaConfig config, exporters::EventStore& store, Headers headers, LogHook log)
        : config_(std::move(config)),
          headers_(std::move(headers)),
          board_(config_),
          troubles_(config_, std::move(log)) {
        const ExporterCommons commons{config_, headers_, store, store.add_reader(kReaderName), board_, troubles_};
        for (const auto topic : base::enumerators<model::Topic>()) {
            topics_.push_back(std::make_unique<TopicExporter>(topic, commons));
        }
    }
    ~TopicsExporter() override {
        if (topics_.front()->started()) (void)finish(milliseconds{0});
    }

    void start() override {
        for (const auto& topic : topics_) topic->start();
    }

    base::Status finish(milliseconds bound) override {
        const TopicExporter::Clock::time_point end = TopicExporter::Clock::now() + bound;
        for (const auto& topic : topics_) topic->begin_finish(end - std::min(bound / 4, Producer::kCloseBound), end);
        std::uint64_t left = 0;
        for (const auto& topic : topics_) left += topic->end_finish();
        if (left == 0) {
            troubles_.end();
            return base::Done{};
        }
        const std::string why = last_error();
        return base::Error{"kafka: " + std::to_string(left) + " events were not delivered in time" +
                           (why.empty() ? std::string() : " (" + why + ")") + "; they are not acknowledged"};
    }

    [[nodiscard]] KafkaFigures figures() const override {
        KafkaFigures figures = board_.get();
        troubles_.add_to(figures);
        return figures;
    }

  private:
    [[nodiscard]] std::string last_error() const {
        const KafkaFigures all = figures();
        std::string error = all.last_error;
        for (const TopicFigures& topic : all.topics) {
            if (error.empty() && topic.waiting > 0) error = topic.last_error;
        }
        return error;
    }

    const KafkaConfig config_;
    const Headers headers_;
    FiguresBoard board_;
    Troubles troubles_;
    std::vector<std::unique_ptr<TopicExporter>> topics_;  // by model::Topic
};

}  // namespace

base::Result<std::unique_ptr<KafkaExporter>> KafkaExporter::create(KafkaConfig config, exporters::EventStore& store,
                                                                   Headers headers, LogHook log) {
    if (base::Status status = check(config); !status) return status.error();
    return std::unique_ptr<KafkaExporter>(
        std::make_unique<TopicsExporter>(std::move(config), store, std::move(headers), std::move(log)));
}

}  // namespace telltale::kafka
