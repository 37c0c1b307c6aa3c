// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "exporters/envelope.h"
#include "exporters/kafka/kafka_config.h"
#include "exporters/kafka/kafka_exporter.h"
#include "sensor/base/result.h"

namespace telltale::kafka {

// Hears from a producer. Called from within its poll() and flush() only.
class ProducerListener {
  public:
    virtual void on_report(exporters::Position position, rd_kafka_resp_err_t error) = 0;
    virtual void on_error(rd_kafka_resp_err_t error, std::string_view reason) = 0;
    virtual void on_log(std::string_view facility, std::string_view line) = 0;
    virtual void on_statistics(std::string_view json) = 0;
    virtual void on_throttle(std::string_view broker, std::chrono::milliseconds pause) = 0;

  protected:
    ~ProducerListener() = default;
};

// A producer of librdkafka for one topic, with the headers of events. One thread.
class Producer {
  public:
    static constexpr std::chrono::milliseconds kCloseBound{1'500};
    static constexpr std::size_t kMostBatchBytes = 1'000'000;  // librdkafka's default

    // Its batches have at most `batch_bytes`, unless one event alone is larger.
    static base::Result<std::unique_ptr<Producer>> create(const KafkaConfig& config, model::Topic topic,
                                                          const Headers& headers, std::size_t batch_bytes,
                                                          ProducerListener& listener);
    ~Producer();  // close(kCloseBound), if that was not called
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    // Copies the text; the dataset goes with it as a header. `time_ns` is the record's time.
    rd_kafka_resp_err_t send(const exporters::Envelope& envelope, std::int64_t time_ns);
    // Serves reports and other callbacks; waits for the first one up to `timeout`.
    void poll(std::chrono::milliseconds timeout);
    // The same, but what is queued leaves at once instead of waiting for company.
    void flush(std::chrono::milliseconds timeout);
    // Takes back what is queued and not yet on its way to a broker: it is reported as an error. Does not wait.
    void take_back();
    // Drops what is queued, without a report; nothing may be called afterwards. Threads of librdkafka that have not
    // ended within the bound (hanging in a name look-up, say) are left behind.
    void close(std::chrono::milliseconds bound);
    // Returns the fatal error and its text; no error while the producer is usable.
    [[nodiscard]] rd_kafka_resp_err_t fatal_error(std::string& text) const;
    // Returns what OpenSSL found wrong with a broker's certificate last: X509_V_ERR_*, 0 for nothing.
    [[nodiscard]] int certificate_error() const { return hears_->certificate_error.load(std::memory_order_relaxed); }

  private:
    // Is what librdkafka's threads call back with: it lives until the last of them has ended.
    struct Hears {
        explicit Hears(ProducerListener& hears) : listener(hears) {}
        static ProducerListener& listener_of(void* opaque) { return static_cast<Hears*>(opaque)->listener; }

        ProducerListener& listener;
        std::atomic<int> certificate_error{0};
    };

    Producer(rd_kafka_t* producer, std::shared_ptr<Hears> hears) : producer_(producer), hears_(std::move(hears)) {}
    static void set_callbacks(rd_kafka_conf_t& conf, Hears& hears);

    rd_kafka_t* producer_;
    std::shared_ptr<Hears> hears_;
    rd_kafka_topic_t* topic_ = nullptr;
    rd_kafka_headers_t* headers_ = nullptr;
};

}  // namespace telltale::kafka
