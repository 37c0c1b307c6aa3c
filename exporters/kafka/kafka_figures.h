// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "exporters/delay_histogram.h"
#include "exporters/kafka/cause.h"
#include "sensor/model/dataset.h"

namespace telltale::kafka {

// Since the start. Always: taken = delivered + dead + waiting.
struct TopicFigures {
    std::string topic;            // "telltale.device.v1"
    std::uint64_t taken = 0;      // read from the store, each event once
    std::uint64_t delivered = 0;  // the brokers have it
    std::uint64_t dead = 0;       // refused for good: with its reason in the store's dead_events()
    std::uint64_t waiting = 0;    // neither yet
    std::uint64_t failed = 0;     // attempts that failed and are made again (librdkafka's own retries are not seen)
    std::string last_error;       // empty once one of its events was delivered after it
};

struct KafkaFigures {
    base::EnumArray<model::Topic, TopicFigures> topics;
    base::EnumArray<Cause, std::uint64_t> errors;  // times that each cause was reported
    exporters::DelayHistogram delay;
    std::uint64_t producers_made = 0;     // one per topic, and one more after each failure
    std::uint64_t queue_full_waits = 0;   // times that librdkafka's queue had no room
    std::uint64_t log_lines_dropped = 0;  // by the rate limit
    std::uint32_t brokers_known = 0;      // by librdkafka's statistics, a few seconds old
    std::uint32_t brokers_up = 0;
    std::uint64_t queued_messages = 0;   // in librdkafka, by its statistics
    std::uint64_t queued_bytes = 0;      // likewise
    std::int64_t last_delivered_ns = 0;  // wall clock; 0: nothing yet
    std::string last_error;              // of no one topic; empty once something was delivered after it
};

}  // namespace telltale::kafka
