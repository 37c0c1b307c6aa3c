// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/waiting_log.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace telltale::exporters {
namespace {

// The first of the events after a position.
template <typename Events>
auto first_after(Events& events, Position position) {
    return std::upper_bound(events.begin(), events.end(), position,
                            [](Position wanted, const WaitingEvent& event) { return wanted < event.position; });
}

template <typename Events>
WaitingEvent* find_in(Events& events, Position position) {
    const auto event = position == 0 ? events.end() : first_after(events, position - 1);
    return event == events.end() || event->position != position ? nullptr : &*event;
}

std::uint64_t count_in(const std::deque<WaitingEvent>& events, Position after) {
    return static_cast<std::uint64_t>(events.end() - first_after(events, after));
}

}  // namespace

WaitingSpan WaitingLog::pop_front() {
    page_events_.pop_front();
    return refill();
}

WaitingSpan WaitingLog::refill() {
    if (!page_events_.empty() || span_.events == 0 || source_ == nullptr) return {};
    const auto page = source_->page(topic_, span_, page_);
    if (!page) return {};
    for (const WaitingEvent& event : *page) {
        page_events_.push_back(event);
        page_events_.back().dead |= dead_in_span_.erase(event.position) != 0;
        span_.after = event.position;
        span_.bytes -= std::min<std::uint64_t>(span_.bytes, event.bytes);
        --span_.events;
        if (span_.events == 0) break;
    }
    if (page->size() == page_ && span_.events != 0) return {};
    page_events_.insert(page_events_.end(), newer_.begin(), newer_.end());
    newer_.clear();
    dead_in_span_.clear();
    return std::exchange(span_, {});
}

void WaitingLog::put_before(const std::vector<WaitingEvent>& page, const WaitingSpan& rest) {
    if (span_.events == 0) {
        newer_ = std::exchange(page_events_, {});
        span_ = rest;
    } else {
        for (const WaitingEvent& event : page_events_) {
            if (event.dead) dead_in_span_.insert(event.position);
            span_.bytes += event.bytes;
        }
        span_.events += page_events_.size() + rest.events;
        span_.bytes += rest.bytes;
        span_.after = rest.after;
    }
    page_events_.assign(page.begin(), page.end());
}

WaitingEvent* WaitingLog::find(Position position) {
    WaitingEvent* event = find_in(page_events_, position);
    return event != nullptr ? event : find_in(newer_, position);
}

bool WaitingLog::may_have(Position position) const {
    if (span_.events != 0 && position > span_.after && position <= span_.upto) return true;
    return const_cast<WaitingLog*>(this)->find(position) != nullptr;
}

void WaitingLog::mark_dead(Position position) {
    if (WaitingEvent* event = find(position)) {
        event->dead = true;
    } else if (may_have(position)) {
        dead_in_span_.insert(position);
    }
}

std::uint64_t WaitingLog::count_after(Position position) const {
    std::uint64_t count = count_in(page_events_, position) + count_in(newer_, position);
    if (span_.events == 0 || position >= span_.upto) return count;
    if (position <= span_.after) return count + span_.events;
    return count + source_->count(topic_, position, span_.upto).value_or(span_.events);
}

const WaitingEvent* WaitingLog::next_after(Position position) const {
    if (const auto event = first_after(page_events_, position); event != page_events_.end()) return &*event;
    if (span_.events != 0 && position < span_.upto) return nullptr;
    const auto event = first_after(newer_, position);
    return event == newer_.end() ? nullptr : &*event;
}

std::vector<WaitingEvent> WaitingLog::take_after(Position kept, WaitingSpan& others) {
    std::vector<WaitingEvent> taken;
    for (std::deque<WaitingEvent>* events : {&page_events_, &newer_}) {
        const auto first = first_after(*events, kept);
        taken.insert(taken.end(), first, events->end());
        events->erase(first, events->end());
    }
    if (span_.events == 0 || span_.upto <= kept) return taken;
    others = span_;
    if (kept > span_.after) {
        span_.events = std::min(span_.events, source_->count(topic_, span_.after, kept).value_or(0));
        span_.bytes = span_.events == 0 ? 0 : span_.bytes * span_.events / others.events;
        span_.upto = kept;
        others.events -= span_.events;
        others.bytes -= span_.bytes;
    } else {
        span_ = {};
    }
    return taken;
}

void WaitingLog::age() {
    for (WaitingEvent& event : page_events_) {
        if (std::exchange(event.of_last_boot, true)) event.sequence = 0;
    }
}

}  // namespace telltale::exporters
