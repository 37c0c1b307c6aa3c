// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "sensor/correlate/what/event_outlet.h"
#include "sensor/correlate/what/event_queue.h"
#include "sensor/correlate/what/message_batch.h"
#include "sensor/correlate/what/partition.h"
#include "sensor/correlate/what/partitions.h"
#include "sensor/correlate/what/rounds.h"
#include "sensor/correlate/who/receiver.h"

namespace telltale::correlate {

// Runs each partition on a thread of its own. Messages go to the partitions in rounds, which end between frames: a
// batch per partition. A round's events come back through a queue per partition; they are merged by place and handed on
// by the thread that calls this. So no table is shared, nothing is locked per message, and events have the order that
// one partition would give them. Called by one thread; waits when all rounds are in work.
class PartitionThreads final : public Partitions, private Receiver {
  public:
    // `sink` is called inside the calls of this object.
    PartitionThreads(const Rounds& rounds, std::span<const Partition::Config> configs,
                     const std::shared_ptr<const signatures::Bundle>& bundle, const signatures::OuiRegistry* registry,
                     PlacedSink sink);
    ~PartitionThreads() override;
    PartitionThreads(const PartitionThreads&) = delete;
    PartitionThreads& operator=(const PartitionThreads&) = delete;

    Receiver& receiver() override { return *this; }
    // Gives the partitions what they do not have yet, if a round is free.
    void flush() override;
    // Waits, because the interval's events are many and the queues short.
    void close_interval(const Moment& at, bool last) override;
    std::span<const std::unique_ptr<Partition>> at_rest() override;
    [[nodiscard]] WhatCounters counters() const override;

  private:
    void on_change(const Moment& at, const DeviceChange& change) override;
    void on_flow(const Moment& at, const FlowOpened& opened) override;
    void on_record(const Moment& at, const Seen& seen, const model::RecordView& record) override;
    void expect(DeviceIndex, FlowIndex) const override {}  // their memory is in another core's cache

    // The share of one partition in a round. Written by who's thread, then by the partition's, then read by who's.
    struct Share {
        MessageBatch batch;
        WhatCounters counters;  // behind it
    };
    using Round = std::vector<Share>;

    // Calls put(MessageBatch&) with the batch of the device's partition.
    template <typename Put>
    void send(const Moment& at, DeviceIndex device, Put&& put);
    Round& round(std::uint32_t number) { return rounds_[number % rounds_.size()]; }
    [[nodiscard]] bool all_in_work() const { return filling_ - oldest_ == rounds_.size(); }
    void end_round();
    // Hands on the events of the oldest round, as far as their order is known. Returns true when that was all of them;
    // with `wait`, it always is.
    bool finish_round(bool wait);
    // The queue whose first event is the earliest of the round; null at its end, or if that is not known yet.
    EventQueue* earliest(bool wait, bool& known);
    void run(std::size_t partition);
    void drain();

    const std::size_t round_bytes_;
    const PlacedSink sink_;
    std::vector<Round> rounds_;
    std::uint32_t filling_ = 0;          // number of the round that messages go to
    std::uint32_t oldest_ = 0;           // that was not handed on yet
    std::size_t bytes_ = 0;              // in the round that is filled
    std::uint64_t frame_ = 0;            // of the last message
    std::vector<WhatCounters> counted_;  // behind the last round that was handed on
    std::vector<std::unique_ptr<EventQueue>> queues_;
    std::vector<std::unique_ptr<Partition>> partitions_;
    // Rounds that partitions may work on. Sequentially consistent, so that no partition sleeps through a store: see
    // EventQueue.
    alignas(64) std::atomic<std::uint32_t> given_{0};
    std::atomic<bool> stop_{false};
    std::vector<std::thread> threads_;
};

}  // namespace telltale::correlate
