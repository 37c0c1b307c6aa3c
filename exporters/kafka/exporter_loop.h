// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "exporters/kafka/delivery_window.h"
#include "exporters/kafka/figures_board.h"
#include "exporters/kafka/kafka_exporter.h"
#include "exporters/kafka/log_limiter.h"
#include "exporters/kafka/producer.h"

namespace telltale::kafka {

// A pause that doubles up to kMaxRetryBackoff until it is reset.
class Backoff {
  public:
    explicit Backoff(std::chrono::milliseconds first) : first_(first), next_(first) {}
    std::chrono::milliseconds take() { return std::exchange(next_, std::min(next_ * 2, kMaxRetryBackoff)); }
    void reset() { next_ = first_; }

  private:
    std::chrono::milliseconds first_;
    std::chrono::milliseconds next_;
};

// The exporter behind KafkaExporter: the store's reader, the window of what is under way, and one producer at a time.
// Everything below `run` is the thread's own; finish() and figures() come from others.
class ExporterLoop final : public KafkaExporter, private ProducerListener {
  public:
    ExporterLoop(KafkaConfig config, exporters::EventStore& store, exporters::EventFormat format, std::string sensor_id,
                 LogHook log);
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
    rd_kafka_resp_err_t send_one(const exporters::StoredEvent& stored);
    void wait();
    void acknowledge();
    void conclude();

    void on_report(exporters::Position position, rd_kafka_resp_err_t error) override;
    void on_error(rd_kafka_resp_err_t error, std::string_view reason) override;
    void on_log(int syslog_level, std::string_view facility, std::string_view line) override;
    void on_statistics(std::string_view json) override { board_.statistics(json); }

    void take_failure(const model::Event& event, rd_kafka_resp_err_t error);
    void bury(const exporters::StoredEvent& stored, rd_kafka_resp_err_t error);
    void log(LogLevel level, std::string_view line);

    KafkaConfig config_;
    exporters::EventStore& store_;
    exporters::EventFormat format_;
    std::string sensor_id_;
    exporters::ReaderId reader_;
    FiguresBoard board_;

    std::thread thread_;
    std::atomic<bool> finishing_{false};
    Clock::time_point deadline_{};  // of sending; set before finishing_, as the next
    Clock::time_point end_{};
    base::Status outcome_ = base::Done{};

    LogLimiter limiter_;
    DeliveryWindow window_;
    std::unique_ptr<Producer> producer_;
    Backoff producer_backoff_;
    Clock::time_point producer_at_{};  // not made before
    Backoff retry_backoff_;
    Clock::time_point retry_at_{};  // of what failed; zero: nothing did
    Clock::time_point read_at_{};   // the store is not read before
    exporters::Position last_read_ = 0;
    exporters::Position to_acknowledge_ = 0;
    bool caught_up_ = false;   // while finishing, the store had nothing more
    bool more_there_ = false;  // the last reading filled its batch
    bool queue_full_ = false;
    std::vector<exporters::StoredEvent> batch_;
    std::string payload_;
};

}  // namespace telltale::kafka
