// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "exporters/kafka/figures_board.h"
#include "exporters/kafka/kafka_exporter.h"
#include "exporters/kafka/producer.h"
#include "exporters/kafka/retry_pause.h"
#include "exporters/kafka/topic_delivery.h"
#include "exporters/kafka/troubles.h"

namespace telltale::kafka {

// The parts that the exporters of all topics share. It outlives them.
struct ExporterCommons {
    const KafkaConfig& config;
    const Headers& headers;
    exporters::EventStore& store;
    exporters::ReaderId reader;
    FiguresBoard& board;
    Troubles& troubles;
};

// Carries the events of one topic, on a thread of its own with one producer at a time: nothing that happens to other
// topics delays it. Whatever fails ends the producer, so that nothing overtakes what failed; after a pause a new one
// sends what is not done, in order.
//
// Everything below `run` is the thread's own; start() and finishing come from another.
class TopicExporter final : private ProducerListener {
  public:
    using Clock = std::chrono::steady_clock;

    TopicExporter(model::Topic topic, const ExporterCommons& commons);

    void start();
    [[nodiscard]] bool started() const { return thread_.joinable(); }
    // Sends until `deadline`, closes until `end`.
    void begin_finish(Clock::time_point deadline, Clock::time_point end);
    // Waits for the thread. Returns how many events were left.
    std::uint64_t end_finish();

  private:
    void run();
    [[nodiscard]] bool over() const;
    bool have_producer();
    void break_off();
    void fill();
    void send();
    bool send_one(WindowEntry& entry);
    void wait();
    void watch();
    void acknowledge();

    void on_report(exporters::Position position, rd_kafka_resp_err_t error) override;
    void on_error(rd_kafka_resp_err_t error, std::string_view reason) override;
    void on_log(std::string_view facility, std::string_view line) override;
    void on_statistics(std::string_view json) override;
    void on_throttle(std::string_view broker, std::chrono::milliseconds pause) override;

    void take_failure(rd_kafka_resp_err_t error);
    void take_refusal(const exporters::Envelope& envelope, rd_kafka_resp_err_t error);
    void bury(const exporters::Envelope& envelope, rd_kafka_resp_err_t error);
    void report(Cause cause, std::string_view detail) { commons_.troubles.report(cause, delivery_.topic(), detail); }

    const ExporterCommons commons_;
    TopicDelivery delivery_;

    std::thread thread_;
    std::atomic<bool> finishing_{false};
    Clock::time_point deadline_{};  // of sending; set before finishing_, as the next
    Clock::time_point end_{};
    std::uint64_t left_ = 0;  // set by the thread at its end

    std::unique_ptr<Producer> producer_;
    RetryPause pause_;
    Clock::time_point producer_at_{};  // not made before
    bool broken_ = false;              // the producer is to be replaced, once what it has sent is back
    bool told_ = false;                // why it ends
    Clock::time_point broken_since_{};
    std::chrono::milliseconds rest_{0};  // before it is
    std::size_t batch_bytes_ = Producer::kMostBatchBytes;
    exporters::Position dated_anew_ = 0;  // up to it, events leave with the present time
    exporters::Position seen_ = 0;        // of the store, at the last look
    bool caught_up_ = false;              // while finishing, the store had nothing more
    bool queue_full_ = false;             // at the last turn
    bool delivered_ = false;              // since the last turn
    Clock::time_point silent_since_{};    // of the brokers, with events under way
};

}  // namespace telltale::kafka
