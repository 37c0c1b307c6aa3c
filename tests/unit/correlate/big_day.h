// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate::testing {

// A random day of several hundred devices, the same for the same seed: leases and renumbering, a router with hosts
// behind it, flows to the outside, between devices, and to groups, names by DNS, TLS, HTTP and certificates, late
// names, users' programs and vendors that identify devices, intervals, and flows that never end.
class BigDay {
  public:
    explicit BigDay(unsigned seed) : random_(seed) {}

    // Feeds steps `first` to `last`; one per second. An interval ends each minute.
    void play(RecordFeed& feed, unsigned first, unsigned last);

    // Bytes of all deltas so far.
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    static constexpr unsigned kDevices = 300;

    unsigned pick(unsigned n);
    std::string address(unsigned device);
    void step(RecordFeed& feed);
    void lease(RecordFeed& feed, unsigned device);
    void open_flow(RecordFeed& feed);
    void speak(RecordFeed& feed, const Flow& flow);
    void count(RecordFeed& feed, std::size_t flow, bool final);

    std::uint64_t random_;
    std::uint64_t bytes_ = 0;
    std::uint16_t port_ = 10000;
    std::vector<Flow> open_;
    std::map<unsigned, unsigned> moved_;  // devices that have another address than their first
};

}  // namespace telltale::correlate::testing
