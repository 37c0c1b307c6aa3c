// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/partition_threads.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace telltale::correlate {

PartitionThreads::PartitionThreads(const Rounds& rounds, std::span<const Partition::Config> configs,
                                   const std::shared_ptr<const signatures::Bundle>& bundle,
                                   const signatures::OuiRegistry* registry, PlacedSink sink)
    : round_bytes_(rounds.bytes),
      sink_(std::move(sink)),
      rounds_(std::bit_ceil(std::max<std::size_t>(rounds.count, 2))),
      counted_(configs.size()) {
    for (Round& round : rounds_) round = Round(configs.size());
    for (const Partition::Config& config : configs) {
        EventQueue& queue = *queues_.emplace_back(std::make_unique<EventQueue>(rounds.events));
        partitions_.push_back(std::make_unique<Partition>(
            config, bundle, registry,
            [&queue](const EventPlace& place, model::Event&& event) { queue.push(place, std::move(event)); }));
    }
    for (std::size_t i = 0; i < configs.size(); ++i) threads_.emplace_back([this, i] { run(i); });
}

PartitionThreads::~PartitionThreads() {
    stop_.store(true);
    for (const auto& queue : queues_) queue->close();
    given_.fetch_add(1);
    given_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void PartitionThreads::run(std::size_t partition) {
    for (std::uint32_t number = 0;; ++number) {
        given_.wait(number);
        if (stop_.load()) return;
        Share& share = round(number)[partition];
        share.batch.replay(*partitions_[partition]);
        partitions_[partition]->end_frame();
        share.counters = partitions_[partition]->counters();
        queues_[partition]->end_round();
    }
}

template <typename Put>
void PartitionThreads::send(const Moment& at, DeviceIndex device, Put&& put) {
    if (at.frame != frame_ && bytes_ >= round_bytes_) end_round();
    frame_ = at.frame;
    MessageBatch& batch = round(filling_)[device % partitions_.size()].batch;
    const std::size_t before = batch.size_bytes();
    put(batch);
    bytes_ += batch.size_bytes() - before;
}

void PartitionThreads::end_round() {
    bytes_ = 0;
    ++filling_;
    given_.store(filling_);
    given_.notify_all();
    while (finish_round(all_in_work())) {
    }
}

EventQueue* PartitionThreads::earliest(bool wait, bool& known) {
    EventQueue* first = nullptr;
    for (const auto& queue : queues_) {
        known = queue->arrived(wait);
        if (!known) return nullptr;  // its next event may be the earliest
        if (queue->at_round_end()) continue;
        if (first == nullptr || queue->place() < first->place()) first = queue.get();
    }
    return first;
}

bool PartitionThreads::finish_round(bool wait) {
    if (oldest_ == filling_) return false;
    bool known = true;
    while (EventQueue* const first = earliest(wait, known)) {
        sink_(first->place(), std::move(first->event()));
        first->pop();
    }
    if (!known) return false;
    Round& done = round(oldest_);
    for (std::size_t i = 0; i < done.size(); ++i) {
        queues_[i]->pop();
        counted_[i] = done[i].counters;
        done[i].batch.clear();
    }
    ++oldest_;
    return true;
}

void PartitionThreads::flush() {
    while (finish_round(false)) {
    }
    const bool room = filling_ - oldest_ + 1 < rounds_.size();
    if (bytes_ != 0 && room) end_round();
}

void PartitionThreads::drain() {
    if (bytes_ != 0) end_round();
    while (finish_round(true)) {
    }
}

std::span<const std::unique_ptr<Partition>> PartitionThreads::at_rest() {
    drain();
    return partitions_;
}

WhatCounters PartitionThreads::counters() const {
    WhatCounters sum;
    for (const WhatCounters& one : counted_) sum.add(one);
    return sum;
}

// A message goes to the partition of the device that it names.
void PartitionThreads::on_change(const Moment& at, const DeviceChange& change) {
    send(at, change.device, [&](MessageBatch& batch) { batch.on_change(at, change); });
}
void PartitionThreads::on_flow(const Moment& at, const FlowOpened& opened) {
    send(at, opened.device, [&](MessageBatch& batch) { batch.on_flow(at, opened); });
}

// Once to each partition that owns one of the devices, with the parts that are its own.
void PartitionThreads::on_record(const Moment& at, const Seen& seen, const model::RecordView& record) {
    const auto partition_of = [&](Part part) -> std::size_t {
        switch (part) {
            case Part::flow: return seen.accountable % partitions_.size();
            case Part::speaker: return seen.speaker % partitions_.size();
            case Part::hearer: return seen.hearer % partitions_.size();
        }
        return 0;
    };
    const auto concerns = [&](Part part) {
        if (part == Part::speaker && seen.speaker == kNoDevice) return false;
        if (part == Part::hearer && seen.hearer == kNoDevice) return false;
        return has(seen.parts, part);
    };
    constexpr std::array kParts = {Part::flow, Part::speaker, Part::hearer};
    std::array<bool, kParts.size()> left{};
    for (std::size_t i = 0; i < kParts.size(); ++i) left[i] = concerns(kParts[i]);
    for (std::size_t first = 0; first < kParts.size(); ++first) {
        if (!left[first]) continue;
        const std::size_t partition = partition_of(kParts[first]);
        Seen its = seen;
        its.parts = 0;
        for (std::size_t i = first; i < kParts.size(); ++i) {
            if (!left[i] || partition_of(kParts[i]) != partition) continue;
            its.parts = static_cast<std::uint8_t>(its.parts | static_cast<std::uint8_t>(kParts[i]));
            left[i] = false;
        }
        send(at, static_cast<DeviceIndex>(partition), [&](MessageBatch& batch) { batch.on_record(at, its, record); });
    }
}

void PartitionThreads::close_interval(const Moment& at, bool last) {
    for (std::size_t i = 0; i < partitions_.size(); ++i) {
        send(at, static_cast<DeviceIndex>(i), [&](MessageBatch& batch) { batch.close_interval(at, last); });
    }
    drain();
}

}  // namespace telltale::correlate
