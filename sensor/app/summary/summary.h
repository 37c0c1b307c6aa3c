// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sensor/model/event.h"

namespace telltale::app {

// Figures of the run that events do not contain. Zero or empty: not shown.
struct SessionFigures {
    std::uint64_t frames = 0;
    std::uint64_t packets = 0;  // frames with IP
    std::uint64_t flows = 0;
    std::uint64_t bytes = 0;  // IP lengths, of all flows
    std::uint64_t malformed = 0;
    std::uint64_t snapped = 0;  // frames captured shorter than on the wire
    std::uint64_t records_dropped = 0;
    std::int64_t first_ns = 0;  // packet time
    std::int64_t last_ns = 0;
    double elapsed_s = 0;               // wall time of the run
    std::vector<std::string> inputs;    // files, as given
    std::vector<std::string> warnings;  // sentences
};

// The summary for people: which devices sent data to whom, how much, what alerted, and what could not be seen. Built
// from events only. Bounded: kMaxDevices devices, owners, alerts; the rest is added up under one heading and counted.
// Single-threaded. The order of the output depends only on the events.
class Summary {
  public:
    static constexpr std::size_t kMaxDevices = 100'000;
    static constexpr std::size_t kMinWidth = 60;
    static constexpr std::size_t kMaxWidth = 120;

    Summary();
    ~Summary();

    void add(const model::Event& event);

    // Aligned tables, at most `width` columns wide (clamped to kMinWidth..kMaxWidth). Text from packets is escaped.
    [[nodiscard]] std::string text(const SessionFigures& figures, std::size_t width = 100) const;
    // One JSON object on one line; exporters/README.md describes it ("Summary").
    [[nodiscard]] std::string json(const SessionFigures& figures) const;

    struct State;  // summary_state.h

  private:
    std::unique_ptr<State> state_;
};

}  // namespace telltale::app
