// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "sensor/model/event.h"

namespace telltale::correlate {

// Orders the events of all partitions: first by the frame, and in it by the message of who that caused the event. The
// events of an interval's end share one message and have more to be sorted by.
struct EventPlace {
    enum class Stage : std::uint8_t { message, transfers, alerts };

    std::uint64_t frame = 0;
    std::uint64_t sequence = 0;
    Stage stage = Stage::message;
    std::int64_t major = 0;
    std::uint64_t minor = 0;
    auto operator<=>(const EventPlace&) const = default;
};
using PlacedSink = std::function<void(const EventPlace& place, model::Event&& event)>;

// Hands on the events of a partition, in the order of their places. A device's report has the place of the first
// message that changed the device, but is made later in the frame: the frame's events are gathered and sorted.
// Single-threaded.
class EventOutlet {
  public:
    explicit EventOutlet(PlacedSink sink) : sink_(std::move(sink)) {}

    // An event of the frame in hand, caused by this message of who.
    void emit(std::uint64_t sequence, model::Event&& event);
    void end_frame(std::uint64_t frame);
    // An event of an interval's end, when no frame is in hand. Places ascend.
    void emit_at(const EventPlace& place, model::Event&& event);

  private:
    PlacedSink sink_;
    std::vector<std::pair<std::uint64_t, model::Event>> frame_;
};

}  // namespace telltale::correlate
