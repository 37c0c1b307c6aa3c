// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "exporters/kafka/kafka_exporter.h"
#include "exporters/store/memory_store.h"
#include "tests/unit/exporters/kafka_cluster.h"
#include "tests/unit/exporters/sample_events.h"

namespace telltale::kafka {

using model::Topic;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

inline constexpr milliseconds kLong{30'000};  // a bound that a slow machine does not reach

inline std::string identity(Topic topic, std::uint64_t sequence) {
    return std::string(to_string(topic)) + " " + std::to_string(sequence);
}

// A store that fails in one topic, on demand, and counts how often it is read.
class TopicStore final : public exporters::MemoryStore {
  public:
    TopicStore() : MemoryStore({}, exporters::Overflow::drop) {}
    base::Status acknowledge(exporters::ReaderId reader, Topic topic, exporters::Position up_to) override {
        if (fails_acknowledging && topic == Topic::device) return base::Error{"store: the disk fails"};
        return MemoryStore::acknowledge(reader, topic, up_to);
    }
    std::atomic<bool> fails_reading = false;
    std::atomic<bool> fails_acknowledging = false;
    std::atomic<unsigned> loads = 0;

  protected:
    base::Status load(Topic topic, exporters::Position after, std::size_t max,
                      std::vector<exporters::StoredEnvelope>& batch) override {
        if (fails_reading && topic == Topic::device) return base::Error{"store: the disk fails"};
        const std::size_t before = batch.size();
        base::Status loaded = MemoryStore::load(topic, after, max, batch);
        if (batch.size() > before) ++loads;
        return loaded;
    }
};

// An exporter between a store and the mock cluster.
class KafkaExporterTest : public testing::Test {
  protected:
    void start(const KafkaConfig& config) {
        base::Result<std::unique_ptr<KafkaExporter>> made =
            KafkaExporter::create(config, store_, {{"sensor.id", "sensor-1"}}, [this](LogLevel, std::string_view line) {
                const std::lock_guard lock(log_mutex_);
                log_ += std::string(line) + "\n";
            });
        ASSERT_TRUE(made) << made.error().text;
        exporter_ = std::move(*made);
        exporter_->start();
    }
    void start() { start(cluster_.config()); }

    // The text is "<topic> <sequence> <message>".
    void append(Topic topic, const std::string& key, const std::string& message = "m") {
        append(model::kDatasetOf[samples::action_of(topic)], key, message);
    }
    void append(model::Dataset dataset, const std::string& key, const std::string& message) {
        exporters::Envelope envelope;
        envelope.dataset = dataset;
        envelope.created_ns = std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
        envelope.key = key;
        const Topic topic = envelope.topic();
        const auto result = store_.append(envelope, [&](std::uint64_t sequence, std::string& json) {
            json = identity(topic, sequence) + " " + message;
        });
        appended_.insert(identity(topic, result.sequence));
    }
    void append_many(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) append(Topic::transfer, "device-" + std::to_string(i % 7));
    }

    std::string log() {
        const std::lock_guard lock(log_mutex_);
        return log_;
    }
    bool eventually(const std::function<bool()>& holds) {
        const auto deadline = steady_clock::now() + kLong;
        while (!holds()) {
            if (steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(milliseconds(5));
        }
        return true;
    }
    [[nodiscard]] std::uint64_t delivered() const {
        std::uint64_t sum = 0;
        for (const TopicFigures& topic : exporter_->figures().topics) sum += topic.delivered;
        return sum;
    }

    // Every figure closes, and what was delivered is what a consumer finds: each at least once.
    std::vector<Consumed> expect_all_arrived(std::uint64_t dead = 0) {
        const base::Status finished = exporter_->finish(kLong);
        EXPECT_TRUE(finished) << finished.error().text << "\n" << log();
        const KafkaFigures figures = exporter_->figures();
        std::uint64_t taken = 0;
        std::uint64_t dead_seen = 0;
        for (const TopicFigures& topic : figures.topics) {
            EXPECT_EQ(topic.waiting, 0) << topic.topic;
            EXPECT_EQ(topic.taken, topic.delivered + topic.dead) << topic.topic;
            taken += topic.taken;
            dead_seen += topic.dead;
        }
        EXPECT_EQ(taken, appended_.size());
        EXPECT_EQ(dead_seen, dead);
        EXPECT_EQ(figures.delay.total(), taken - dead);
        const exporters::LogFigures total = store_.figures().total();
        EXPECT_EQ(total.stored, appended_.size());
        EXPECT_EQ(total.acknowledged, appended_.size() - dead);
        EXPECT_EQ(total.dead, dead);
        EXPECT_EQ(total.waiting, 0);
        std::vector<Consumed> consumed = cluster_.consume();
        std::set<std::string> seen;
        for (const Consumed& message : consumed) seen.insert(message.value.substr(0, message.value.rfind(' ')));
        EXPECT_EQ(seen.size(), appended_.size() - dead);
        for (const std::string& event : seen) EXPECT_TRUE(appended_.contains(event)) << event;
        return consumed;
    }

    // Nothing was repeated, and no event of a key overtook another.
    static void expect_order_of_keys(const std::vector<Consumed>& consumed) {
        std::map<std::string, std::uint64_t> last;
        for (const Consumed& message : consumed) {
            const std::size_t space = message.value.find(' ');
            const std::uint64_t sequence = std::stoull(message.value.substr(space));
            std::uint64_t& before = last[message.topic + message.key];
            EXPECT_LT(before, sequence) << message.value << " of key " << message.key;
            before = std::max(before, sequence);
        }
    }

    KafkaCluster cluster_;
    TopicStore store_;
    std::mutex log_mutex_;
    std::string log_;
    std::unique_ptr<KafkaExporter> exporter_;
    std::set<std::string> appended_;
};

}  // namespace telltale::kafka
