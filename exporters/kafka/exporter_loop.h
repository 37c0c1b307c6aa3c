// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "exporters/kafka/figures_board.h"
#include "exporters/kafka/kafka_exporter.h"
#include "exporters/kafka/log_limiter.h"
#include "exporters/kafka/producer.h"
#include "exporters/kafka/retry_pause.h"
#include "exporters/kafka/topic_delivery.h"

namespace telltale::kafka {

// The exporter behind KafkaExporter: the store's reader, what is under way per topic, and one producer at a time.
// Everything below `run` is the thread's own; finish() and figures() come from others.
class ExporterLoop final : public KafkaExporter, private ProducerListener {
  public:
    ExporterLoop(KafkaConfig config, exporters::EventStore& store, Headers headers, LogHook log);
    ~ExporterLoop() override;

    void start() override;
    base::Status finish(std::chrono::milliseconds bound) override;
    [[nodiscard]] KafkaFigures figures() const override { return board_.get(); }

  private:
    using Clock = std::chrono::steady_clock;

    void run();
    [[nodiscard]] bool over() const;
    bool have_producer();
    void fill();
    void send();
    void send(TopicDelivery& delivery);
    void wait();
    void acknowledge();
    void conclude();

    void on_report(model::Topic topic, exporters::Position position, rd_kafka_resp_err_t error) override;
    void on_error(rd_kafka_resp_err_t error, std::string_view reason) override;
    void on_log(int syslog_level, std::string_view facility, std::string_view line) override;
    void on_statistics(std::string_view json) override { board_.statistics(json); }

    void take_failure(TopicDelivery& delivery, rd_kafka_resp_err_t error);
    void bury(TopicDelivery& delivery, const exporters::Envelope& envelope, rd_kafka_resp_err_t error);
    void tell_store_error(const TopicDelivery& delivery, const base::Error& error);
    void log(LogLevel level, std::string_view line);

    KafkaConfig config_;
    exporters::EventStore& store_;
    Headers headers_;
    FiguresBoard board_;

    std::thread thread_;
    std::atomic<bool> finishing_{false};
    Clock::time_point deadline_{};  // of sending; set before finishing_, as the next
    Clock::time_point end_{};
    base::Status outcome_ = base::Done{};

    LogLimiter limiter_;
    std::vector<TopicDelivery> deliveries_;  // by model::Topic
    std::unique_ptr<Producer> producer_;
    RetryPause producer_pause_;
    Clock::time_point producer_at_{};  // not made before
    exporters::Position seen_ = 0;     // of the store, at the last look
    bool caught_up_ = false;           // while finishing, the store had nothing more
    bool queue_full_ = false;          // at the last turn
    std::size_t first_to_send_ = 0;    // of deliveries_: changes with every turn, so that none is last always
};

}  // namespace telltale::kafka
