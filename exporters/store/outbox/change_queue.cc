// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/change_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace telltale::exporters::outbox {
namespace {

constexpr std::size_t kFullBatch = 4'096;
constexpr std::chrono::seconds kLedgerDelay{1};
constexpr std::chrono::seconds kRetryAfter{1};

}  // namespace

bool ChangeQueue::add(const StoredEnvelope& event, model::StateRows&& rows) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.events.size() >= kMostEvents || (bytes_ != 0 && bytes_ + event->bytes() > kMostBytes))
            return false;
        ++put_;
        if (waiting_.events.empty()) first_event_ = Clock::now();
        waiting_.events.push_back(event);
        bytes_ += event->bytes();
        take_rows(std::move(rows));
        // The writer sleeps until the first event is due, or the batch is full.
        if (waiting_.events.size() != 1 && waiting_.events.size() != kFullBatch) return true;
    }
    changed_.notify_all();
    return true;
}

void ChangeQueue::add(model::StateRows&& rows) {
    if (rows.empty()) return;
    const std::lock_guard lock(mutex_);
    take_rows(std::move(rows));
    note_change();
}

void ChangeQueue::take_rows(model::StateRows&& rows) {
    for (model::StateRow& row : rows) {
        std::string name = std::string(row.kind) + '/' + row.key;
        if (waiting_.rows.size() < kMostRows || waiting_.rows.contains(name)) {
            waiting_.rows.insert_or_assign(std::move(name), std::move(row));
        } else {
            ++rows_lost_;
        }
    }
}

bool ChangeQueue::wants_rows() const {
    const std::lock_guard lock(mutex_);
    return waiting_.rows.size() < kMostRows / 16;
}

std::uint64_t ChangeQueue::rows_lost() const {
    const std::lock_guard lock(mutex_);
    return rows_lost_;
}

void ChangeQueue::note_change() {
    ++put_;
    if (changed_since_) return;
    changed_since_ = true;
    first_change_ = Clock::now();
    changed_.notify_all();
}

void ChangeQueue::add(const DeadRow& dead) {
    const std::lock_guard lock(mutex_);
    waiting_.dead.push_back(dead);
    note_change();
}

void ChangeQueue::set_place(const std::string& reader, model::Topic topic, Position acknowledged) {
    const std::lock_guard lock(mutex_);
    waiting_.places[{reader, topic}] = acknowledged;
    note_change();
}

void ChangeQueue::set_released(model::Topic topic, Position up_to) {
    const std::lock_guard lock(mutex_);
    waiting_.released[topic] = std::max(waiting_.released[topic], up_to);
}

void ChangeQueue::set_drops_changed() {
    const std::lock_guard lock(mutex_);
    drops_changed_ = true;
    note_change();
}

void ChangeQueue::note_replay(Position copy, const DeadKey& dead) {
    const std::lock_guard lock(mutex_);
    waiting_.replays[copy] = dead;
}

// When the writer should take what waits; the end of time: nothing waits.
ChangeQueue::Clock::time_point ChangeQueue::due() const {
    Clock::time_point due = Clock::time_point::max();
    if (!waiting_.events.empty()) due = first_event_ + delay_;
    if (changed_since_) due = std::min(due, first_change_ + kLedgerDelay);
    if (due == Clock::time_point::max()) return due;
    if (waiting_.events.size() >= kFullBatch || hurry_) due = Clock::time_point::min();
    return closed_ ? Clock::time_point::min() : std::max(due, not_before_);
}

bool ChangeQueue::wait() {
    std::unique_lock lock(mutex_);
    while (true) {
        const Clock::time_point when = due();
        if (when <= Clock::now()) return true;
        if (when != Clock::time_point::max()) {
            changed_.wait_until(lock, when);
            continue;
        }
        if (closed_) return false;
        if (changed_.wait_for(lock, kMostRest) == std::cv_status::timeout) return true;
    }
}

void ChangeQueue::take(Changes& changes, bool& drops_changed) {
    const std::lock_guard lock(mutex_);
    const PlacesByTopic released = waiting_.released;
    changes = std::exchange(waiting_, {});
    waiting_.released = released;
    drops_changed = std::exchange(drops_changed_, false);
    bytes_ = 0;
    changed_since_ = hurry_ = false;
    taken_ = put_;
    taken_events_ = changes.events.size();
}

void ChangeQueue::put_back(Changes&& changes, bool drops_changed) {
    const std::lock_guard lock(mutex_);
    std::move(waiting_.events.begin(), waiting_.events.end(), std::back_inserter(changes.events));
    std::move(waiting_.dead.begin(), waiting_.dead.end(), std::back_inserter(changes.dead));
    for (const auto& [of, place] : waiting_.places) changes.places[of] = place;
    for (auto& [name, row] : waiting_.rows) changes.rows.insert_or_assign(name, std::move(row));
    changes.released = waiting_.released;
    changes.replays.merge(waiting_.replays);
    waiting_ = std::move(changes);
    drops_changed_ |= drops_changed;
    taken_events_ = 0;
    bytes_ = 0;
    for (const StoredEnvelope& event : waiting_.events) bytes_ += event->bytes();
    changed_since_ = true;
    first_event_ = first_change_ = Clock::now();
    not_before_ = Clock::now() + kRetryAfter;
    hurry_ = false;
}

bool ChangeQueue::flush(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = put_;
    const std::uint64_t failures = failures_;
    if (done_ >= mine) return true;
    hurry_ = true;
    changed_.notify_all();
    settled_.wait_for(lock, timeout, [&] { return failures_ != failures || done_ >= mine; });
    return done_ >= mine;
}

void ChangeQueue::settled(bool written) {
    {
        const std::lock_guard lock(mutex_);
        taken_events_ = 0;
        if (written) {
            done_ = taken_;
        } else {
            ++failures_;
        }
    }
    settled_.notify_all();
}

void ChangeQueue::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

bool ChangeQueue::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

std::size_t ChangeQueue::events() const {
    const std::lock_guard lock(mutex_);
    return waiting_.events.size() + taken_events_;
}

}  // namespace telltale::exporters::outbox
