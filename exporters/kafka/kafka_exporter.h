// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/kafka/kafka_config.h"
#include "exporters/kafka/kafka_figures.h"
#include "sensor/base/result.h"

namespace telltale::kafka {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

// Where the exporter's lines go, and librdkafka's as debug; one sentence without line feed and control characters. At
// most kLogLines in kLogInterval, the rest is counted. Called on the exporter's threads, so it must not wait for them.
using LogHook = std::function<void(LogLevel level, std::string_view line)>;
inline constexpr unsigned kLogLines = 10;
inline constexpr std::chrono::seconds kLogInterval{10};

// Headers that every record carries, beside event.dataset: names and values.
using Headers = std::vector<std::pair<std::string, std::string>>;

// Carries the events of a store to Kafka, to the topics <prefix><topic>.v1 (model::Topic), so that events of one topic
// and key stay in order. At least once: an event is acknowledged in the store when the brokers have it and everything
// of its topic before it; after a failure, or a restart, what is not acknowledged is sent again.
// What the brokers refuse for good is rejected in the store with their reason; what they cannot take now (away, no such
// topic, no right, no trust in the sensor's clock) waits and is tried again, while the other topics go on.
//
// Owns a thread and a producer per topic (and librdkafka its own threads). Nothing here waits for the appender, nor the
// appender for this: with the brokers away the store fills. Store and hook outlive it.
class KafkaExporter {
  public:
    static constexpr std::string_view kReaderName = "kafka";
    // Adds the reader to the store: before the store's first append. Connects to nothing yet.
    static base::Result<std::unique_ptr<KafkaExporter>> create(KafkaConfig config, exporters::EventStore& store,
                                                               Headers headers, LogHook log = {});
    virtual ~KafkaExporter() = default;  // as finish(0), if that was not called

    virtual void start() = 0;
    // Sends everything that the store holds now, waits for it, and ends the threads; all within `bound`, of which up to
    // a quarter is kept for librdkafka's threads to end (those that hang are left to the end of the process). An error
    // says how many events were left and why; they are still unacknowledged in the store. Once, by one thread; appends
    // must be over.
    virtual base::Status finish(std::chrono::milliseconds bound) = 0;
    // Any thread, any time.
    [[nodiscard]] virtual KafkaFigures figures() const = 0;
};

}  // namespace telltale::kafka
