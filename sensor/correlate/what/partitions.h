// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "sensor/correlate/what/event_outlet.h"
#include "sensor/correlate/what/partition.h"
#include "sensor/correlate/what/rounds.h"
#include "sensor/correlate/who/receiver.h"

namespace telltale::correlate {

// All partitions, whether who's thread calls them or they have threads of their own. Called by one thread, on which the
// sink is called, too, inside these calls and the receiver's.
class Partitions {
  public:
    virtual ~Partitions() = default;

    // Takes who's messages.
    virtual Receiver& receiver() = 0;
    // Between frames: ends the frame in hand, and hands on what is done. Waits for nothing.
    virtual void flush() = 0;
    // Returns when the interval's events are handed on.
    virtual void close_interval(const Moment& at, bool last) = 0;
    // Between frames: ends the frame in hand, and waits until everything is done and handed on. Until the next message
    // the partitions belong to the caller.
    virtual std::span<const std::unique_ptr<Partition>> at_rest() = 0;
    // The sums over all partitions, as of what was handed on.
    [[nodiscard]] virtual WhatCounters counters() const = 0;
};

// One configuration per partition. A single one is called in place; several have threads. `registry` may be null.
std::unique_ptr<Partitions> make_partitions(const Rounds& rounds, std::span<const Partition::Config> configs,
                                            const std::shared_ptr<const signatures::Bundle>& bundle,
                                            const signatures::OuiRegistry* registry, PlacedSink sink);

}  // namespace telltale::correlate
