// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/frame.h"

namespace telltale::pipeline {

// Finds packets that a mirror port gives more than once: on their way into the switch and out of it, before and behind
// a router. Two IP packets of a tap are one when they are equal from the IP header on, but for TTL or hop limit and the
// header's checksum, and come within a few milliseconds; other packets may stand between them. A sender that itself
// repeats a packet unchanged within that time cannot be told from it. Link headers do not count: MACs and VLANs differ
// between the copies.
//
// Bounded: a direct-mapped table, in which a packet takes the place of what stood there. Looks at the first kMostBytes
// of the packet (the transport's checksum speaks for the rest) and at its length. Keyed, so that nobody can make other
// people's packets look like copies. One a source; one thread.
class DuplicateFinder {
  public:
    static constexpr std::size_t kMostBytes = 96;

    DuplicateFinder(base::HashKey key, std::int64_t window_ns, std::size_t slots = 8192);

    // Remembers the packet; true when it was here within the window. Frames without IP never were.
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
