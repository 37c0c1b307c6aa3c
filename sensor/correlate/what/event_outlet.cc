// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/event_outlet.h"

#include <algorithm>

namespace telltale::correlate {

void EventOutlet::emit(std::uint64_t sequence, model::Event&& event) {
    frame_.emplace_back(sequence, std::move(event));
}

void EventOutlet::end_frame(std::uint64_t frame) {
    if (frame_.empty()) return;
    const auto earlier = [](const auto& left, const auto& right) { return left.first < right.first; };
    if (frame_.size() > 1) std::stable_sort(frame_.begin(), frame_.end(), earlier);
    for (auto& [sequence, event] : frame_) {
        sink_({frame, sequence, EventPlace::Stage::message, 0, 0}, std::move(event));
    }
    frame_.clear();
}

void EventOutlet::emit_at(const EventPlace& place, model::Event&& event) { sink_(place, std::move(event)); }

}  // namespace telltale::correlate
