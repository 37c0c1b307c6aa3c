// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "exporters/envelope.h"
#include "exporters/kafka/kafka_config.h"
#include "exporters/kafka/kafka_exporter.h"
#include "sensor/base/enumeration.h"
#include "sensor/base/result.h"

namespace telltale::kafka {

// Hears from a producer. Called from within its poll() and flush() only.
class ProducerListener {
  public:
    virtual void on_report(model::Topic topic, exporters::Position position, rd_kafka_resp_err_t error) = 0;
    virtual void on_error(rd_kafka_resp_err_t error, std::string_view reason) = 0;
    virtual void on_log(int syslog_level, std::string_view facility, std::string_view line) = 0;
    virtual void on_statistics(std::string_view json) = 0;

  protected:
    ~ProducerListener() = default;
};

// librdkafka's producer with the topics and headers of events. One thread.
class Producer {
  public:
    static constexpr std::chrono::milliseconds kCloseBound{1'500};

    static base::Result<std::unique_ptr<Producer>> create(const KafkaConfig& config, const Headers& headers,
                                                          ProducerListener& listener);
    ~Producer();  // close(kCloseBound), if that was not called
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    // Copies the text; the dataset goes with it as a header.
    rd_kafka_resp_err_t send(const exporters::Envelope& envelope);
    // Serves reports and other callbacks; waits for the first one up to `timeout`.
    void poll(std::chrono::milliseconds timeout);
    // The same, but what is queued leaves at once instead of waiting for company.
    void flush(std::chrono::milliseconds timeout);
    // Drops what is queued, without a report; nothing may be called afterwards. Threads of librdkafka that have not
    // ended within the bound (hanging in a name look-up, say) are left behind.
    void close(std::chrono::milliseconds bound);
    // Returns the fatal error; empty while the producer is usable.
    [[nodiscard]] std::string fatal_error() const;

  private:
    struct TopicHandle {
        rd_kafka_topic_t* handle = nullptr;
        rd_kafka_headers_t* headers = nullptr;
    };

    explicit Producer(rd_kafka_t* producer) : producer_(producer) {}
    base::Status open_topics(const KafkaConfig& config, const Headers& headers);

    rd_kafka_t* producer_;
    base::EnumArray<model::Topic, TopicHandle> topics_;
};

}  // namespace telltale::kafka
