// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/record_sequencer.h"

#include <algorithm>
#include <cstring>

namespace telltale::pipeline {
namespace {

// Of how many records ahead the consumer is told: long enough to cover a miss of the cache, short enough to stay in it.
constexpr std::size_t kAhead = 4;

bool is_clock_step(std::uint64_t order) { return order % 2 == 1; }

std::array<std::uint64_t, 6> sortable(const model::FlowKey& key) {
    std::array<std::uint64_t, 6> words;
    static_assert(sizeof words == sizeof key);
    std::memcpy(words.data(), &key, sizeof words);
    for (std::uint64_t& word : words) word = __builtin_bswap64(word);
    return words;
}

}  // namespace

RecordSequencer::RecordSequencer(RecordConsumer consumer, std::size_t workers)
    : consumer_(std::move(consumer)), interval_end_ns_(workers, INT64_MIN) {}

void RecordSequencer::announce(std::span<const std::uint8_t> record) const {
    const model::RecordView view(record);
    if (consumer_.on_upcoming && !is_clock_step(view.header().order)) consumer_.on_upcoming(view);
}

void RecordSequencer::take(std::span<const std::uint8_t> record) {
    const model::RecordView view(record);
    const model::RecordHeader& header = view.header();
    if (header.order != order_) flush();
    order_ = header.order;
    if (!is_clock_step(header.order)) {
        consumer_.on_record(view);
        return;
    }
    if (header.kind == model::RecordKind::interval_end) {
        note_interval_end(header);
        return;
    }
    gathered_.push_back({sortable(header.key), bytes_.size(), record.size()});
    bytes_.insert(bytes_.end(), record.begin(), record.end());
    bytes_.resize(model::padded_record(bytes_.size()));
}

void RecordSequencer::note_interval_end(const model::RecordHeader& header) {
    interval_end_ns_[header.flow.worker] = header.time_ns;
    interval_told_ = true;
}

void RecordSequencer::flush() {
    if (!gathered_.empty()) {
        // Records of one flow come from one worker, in the order that it made them: the sort must keep it.
        std::stable_sort(gathered_.begin(), gathered_.end(),
                         [](const Gathered& left, const Gathered& right) { return left.key < right.key; });
        const auto record_of = [this](const Gathered& at) {
            return model::RecordView({bytes_.data() + at.offset, at.size});
        };
        for (std::size_t i = 0; i < gathered_.size(); ++i) {
            if (consumer_.on_upcoming && i + kAhead < gathered_.size()) {
                consumer_.on_upcoming(record_of(gathered_[i + kAhead]));
            }
            consumer_.on_record(record_of(gathered_[i]));
        }
        gathered_.clear();
        bytes_.clear();
    }
    if (interval_told_) {
        interval_told_ = false;
        const std::int64_t all = *std::min_element(interval_end_ns_.begin(), interval_end_ns_.end());
        if (all != INT64_MIN && all != closed_ns_) {
            closed_ns_ = all;
            consumer_.on_interval_end(all);
        }
    }
}

}  // namespace telltale::pipeline
