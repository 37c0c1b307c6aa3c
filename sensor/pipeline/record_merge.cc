// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/record_merge.h"

#include <algorithm>
#include <cstring>

namespace telltale::pipeline {
namespace {

model::Order order_of(std::span<const std::uint8_t> record) {
    model::Order order;
    std::memcpy(&order, record.data() + offsetof(model::RecordHeader, order), sizeof order);
    return order;
}

}  // namespace

RecordMerge::RecordMerge(std::vector<RingOutlet*> workers, RecordSequencer& sequencer) : sequencer_(sequencer) {
    for (RingOutlet* worker : workers) sources_.push_back({worker, {}});
}

void RecordMerge::look(Source& source) {
    // The watermark first: once it is seen, the records that it speaks for are in the ring.
    const model::Order watermark = source.outlet->watermark();
    const auto front = source.outlet->ring().front();
    source.has_record = !front.empty();
    source.bound = source.has_record ? order_of(front) : watermark;
}

bool RecordMerge::step() {
    for (Source& source : sources_) look(source);
    bool delivered = false;
    for (int left = kMostRecords; left != 0; --left) {
        Source* next = nullptr;
        for (Source& source : sources_) {
            if (source.has_record && (next == nullptr || source.bound < next->bound)) next = &source;
        }
        if (next == nullptr) return delivered;
        for (Source& other : sources_) {
            if (!other.has_record && other.bound < next->bound) {
                look(other);  // it may have gone on since
                if (other.bound < next->bound) return delivered;
            }
        }
        sequencer_.take(next->outlet->ring().front());
        next->outlet->ring().pop();
        next->outlet->count_taken();
        delivered = true;
        look(*next);
    }
    return delivered;
}

bool RecordMerge::settle() {
    model::Order settled = model::Order::last();
    for (Source& source : sources_) {
        look(source);
        settled = std::min(settled, source.has_record ? source.bound.before() : source.bound);
    }
    return sequencer_.flush_to(settled);
}

bool RecordMerge::drained_to(model::Order order) {
    for (Source& source : sources_) {
        look(source);
        if (source.has_record || source.bound < order) return false;
    }
    return true;
}

}  // namespace telltale::pipeline
