// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/record_sequencer.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "sensor/track/record_order.h"

namespace telltale::pipeline {
namespace {

// How many records ahead the consumer hears of: long enough to cover a cache miss, short enough to stay in the cache.
constexpr std::size_t kAhead = 4;

}  // namespace

RecordSequencer::RecordSequencer(RecordConsumer& consumer, std::size_t workers)
    : consumer_(consumer), interval_end_ns_(workers, INT64_MIN) {}

void RecordSequencer::announce(std::span<const std::uint8_t> record) const {
    const model::RecordView view(record);
    if (!view.header().order.is_clock_step()) consumer_.on_upcoming(view);
}

void RecordSequencer::take(std::span<const std::uint8_t> record) {
    const model::RecordView view(record);
    const model::RecordHeader& header = view.header();
    if (header.order != order_) flush();
    order_ = header.order;
    if (!header.order.is_clock_step()) {
        consumer_.on_record(view);
        return;
    }
    if (header.kind == model::RecordKind::interval_end) {
        note_interval_end(header);
        return;
    }
    gather(view);
}

void RecordSequencer::gather(const model::RecordView& record) {
    gathered_.push_back({track::place_in_order(record), bytes_.size()});
    bytes_.insert(bytes_.end(), record.bytes().begin(), record.bytes().end());
    bytes_.resize(model::padded_record(bytes_.size()));
}

model::RecordView RecordSequencer::record_of(const Gathered& at) const {
    std::uint32_t size = 0;
    std::memcpy(&size, bytes_.data() + at.offset + offsetof(model::RecordHeader, size), sizeof size);
    return model::RecordView({bytes_.data() + at.offset, size});
}

// Same order as track::precedes(), usually decided without reading the record. Records of one flow come from one worker
// and keep the order that it made them in.
void RecordSequencer::sort() {
    const auto before = [this](const Gathered& left, const Gathered& right) {
        if (left.place != right.place) return left.place < right.place;
        return track::precedes(record_of(left), record_of(right));
    };
    // A single worker reports an interval in this order already.
    if (!std::is_sorted(gathered_.begin(), gathered_.end(), before)) {
        std::stable_sort(gathered_.begin(), gathered_.end(), before);
    }
}

void RecordSequencer::note_interval_end(const model::RecordHeader& header) {
    interval_end_ns_[header.flow.worker] = header.time_ns;
    interval_reported_ = true;
}

void RecordSequencer::flush() {
    if (!gathered_.empty()) {
        sort();
        for (std::size_t i = 0; i < gathered_.size(); ++i) {
            if (i + kAhead < gathered_.size()) {
                consumer_.on_upcoming(record_of(gathered_[i + kAhead]));
            }
            consumer_.on_record(record_of(gathered_[i]));
        }
        gathered_.clear();
        bytes_.clear();
    }
    if (interval_reported_) {
        interval_reported_ = false;
        const std::int64_t all = *std::min_element(interval_end_ns_.begin(), interval_end_ns_.end());
        if (all != INT64_MIN && all != closed_ns_) {
            closed_ns_ = all;
            consumer_.on_interval_end(all);
        }
    }
}

}  // namespace telltale::pipeline
