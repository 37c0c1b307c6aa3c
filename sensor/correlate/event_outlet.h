// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

#include "sensor/correlate/config.h"
#include "sensor/correlate/counters.h"
#include "sensor/model/event.h"

namespace telltale::correlate {

// Stamps, counts and hands on every event of the correlator.
class EventOutlet {
  public:
    EventOutlet(const CorrelateConfig& config, model::EventSink sink, Counters& counters)
        : config_(config), sink_(std::move(sink)), counters_(counters) {}

    void set_generation(std::uint32_t generation) { generation_ = generation; }

    void emit(model::Event&& event) {
        event.generation = generation_;
        event.created_ns = config_.wall_clock_ns ? config_.wall_clock_ns() : system_time_ns();
        ++counters_.events[event.topic()];
        if (sink_) sink_(std::move(event));
    }

  private:
    static std::int64_t system_time_ns() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
    }

    const CorrelateConfig& config_;
    model::EventSink sink_;
    Counters& counters_;
    std::uint32_t generation_ = 0;
};

}  // namespace telltale::correlate
