// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/frame.h"

namespace telltale::pipeline {

// Finds packets that a mirror port copies more than once: on their way into and out of the switch, before and after a
// router. Two IP packets of a tap are the same if they are equal from the IP header on, except TTL or hop limit and the
// header's checksum, and come within a few milliseconds; other packets may come between them. A packet that its sender
// repeats unchanged within that time looks the same. Link headers do not count: MACs and VLANs differ between copies.
//
// Bounded: a direct-mapped table, where a packet replaces the one before it. Reads the first kMostBytes of the packet
// (the transport's checksum covers the rest) and its length. Keyed, so that nobody can make packets of others look like
// copies. One per source; single-threaded.
class DuplicateFinder {
  public:
    static constexpr std::size_t kMostBytes = 96;

    DuplicateFinder(base::HashKey key, std::int64_t window_ns, std::size_t slots = 8192);

    // Remembers the packet; returns whether it was here within the window. Always false for frames without IP.
    [[nodiscard]] bool seen(const model::Frame& frame);

  private:
    struct Slot {
        std::uint64_t hash = 0;
        std::int64_t time_ns = INT64_MIN;
    };

    base::HashKey key_;
    std::int64_t window_ns_;
    std::vector<Slot> slots_;
};

}  // namespace telltale::pipeline
