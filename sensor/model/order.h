// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace telltale::model {

// The merge key of records: the place of a frame, or of a step of the source's clock, in its source. Records of all
// workers are merged by it, and results do not depend on the number of workers because every record carries the order
// of what caused it.
//
// Frames have even orders, kPerFrame apart: in files multiples of the frame's number, on ports the wall clock in ns, as
// if nobody set it since the start. A fragment that completes a datagram is followed by the whole datagram. A clock
// step has an odd order: right before the frame that brought it, or, where nothing arrives, after the last frame and
// its whole datagram. Example of file frames 1 and 2:
//
//     7              8         10                11            15             16
//     step before    frame 1   whole datagram    step after    step before    frame 2
class Order {
  public:
    constexpr Order() = default;  // before everything
    // A frame of a file, counted from 1.
    static constexpr Order of_frame(std::uint64_t frame_number) { return Order(kPerFrame * frame_number); }
    // A frame that a port brought at this time.
    static constexpr Order at_time(std::int64_t time_ns) {
        return Order(static_cast<std::uint64_t>(std::max<std::int64_t>(time_ns, 0)) & ~(kPerFrame - 1));
    }
    // After everything.
    static constexpr Order last() { return Order(UINT64_MAX); }

    [[nodiscard]] constexpr Order next_frame() const { return Order(value_ + kPerFrame); }
    // The datagram that this frame completed.
    [[nodiscard]] constexpr Order reassembled() const { return Order(value_ + 2); }
    // The clock step that this frame brings.
    [[nodiscard]] constexpr Order step_before() const { return Order(value_ - 1); }
    // A clock step while no other frame has arrived: after this one, its whole datagram, or this step itself.
    [[nodiscard]] constexpr Order step_after() const { return Order(value_ | 3); }
    // The end of the source: a clock step after every frame and step so far.
    [[nodiscard]] constexpr Order end() const { return Order((value_ + 4) | 1); }
    // The largest order that is smaller.
    [[nodiscard]] constexpr Order before() const { return Order(value_ - 1); }

    [[nodiscard]] constexpr bool is_clock_step() const { return value_ % 2 == 1; }
    // The number of the frame in its file; 0 for clock steps and for frames of ports.
    [[nodiscard]] constexpr std::uint64_t frame_number() const {
        return is_clock_step() || value_ >= kFirstTime ? 0 : value_ / kPerFrame;
    }
    [[nodiscard]] constexpr std::uint64_t value() const { return value_; }

    constexpr auto operator<=>(const Order&) const = default;

  private:
    static constexpr std::uint64_t kPerFrame = 8;
    static constexpr std::uint64_t kFirstTime = std::uint64_t{1} << 40;  // ns: 18 minutes after 1970; 2^37 file frames

    explicit constexpr Order(std::uint64_t value) : value_(value) {}

    std::uint64_t value_ = 0;
};

}  // namespace telltale::model
