// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/store_books.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace telltale::exporters {
void StoreBooks::begin_boot(const LastSequences& last_stored) {
    last_boot_ = last_stored;
    dead_forgotten_ = 0;
    for (Reader& reader : readers_) reader.added = false;
    for (Log& log : logs_) {
        // Nobody asks about the boot before the last one any more.
        std::erase_if(log.untold, [](const DropRange& range) { return range.of_last_boot; });
        for (DropRange& range : log.untold) range.of_last_boot = true;
        log.waiting.age();
        const std::uint64_t waiting = log.figures.waiting;
        const std::uint64_t bytes = log.figures.waiting_bytes;
        log.figures = {};
        log.figures.created = log.figures.stored = log.figures.waiting = waiting;
        log.figures.waiting_bytes = bytes;
        log.ranges = 0;
        log.last_sequence = log.last_stored = 0;
        log.dropping = false;
    }
}

void StoreBooks::restore_reader(std::string_view name, const base::EnumArray<model::Topic, Position>& places) {
    readers_.push_back({std::string(name), places, false});
}

void StoreBooks::add_older(model::Topic topic, const WaitingEvent& event) {
    Log& log = logs_[topic];
    log.waiting.push_front(event);
    count_stored(log, event.bytes);
}

void StoreBooks::set_source(WaitingSource* source, std::size_t page) {
    for (const auto topic : base::enumerators<model::Topic>()) logs_[topic].waiting.set_source(topic, source, page);
}

void StoreBooks::add_older(model::Topic topic, const std::vector<WaitingEvent>& page, const WaitingSpan& rest) {
    Log& log = logs_[topic];
    for (const WaitingEvent& event : page) count_stored(log, event.bytes);
    log.figures.created += rest.events;
    log.figures.stored += rest.events;
    log.figures.waiting += rest.events;
    log.figures.waiting_bytes += rest.bytes;
    waiting_events_ += rest.events;
    waiting_bytes_ += rest.bytes;
    log.waiting.put_before(page, rest);
}

Position StoreBooks::oldest_waiting(model::Topic topic) const {
    const auto& waiting = logs_[topic].waiting;
    return waiting.empty() ? last_position_ + 1 : waiting.front().position;
}

void StoreBooks::count_stored(Log& log, std::size_t bytes) {
    ++log.figures.created;
    ++log.figures.stored;
    ++log.figures.waiting;
    log.figures.waiting_bytes += bytes;
    ++waiting_events_;
    waiting_bytes_ += bytes;
}

bool StoreBooks::has_room(std::size_t bytes, const StoreLimits& limits) const {
    const std::size_t events = waiting_events_ + accepted_events_;
    if (events == 0) return limits_.max_events > 0;
    return events < limits.max_events && waiting_bytes_ + accepted_bytes_ + bytes <= limits.max_bytes;
}

bool StoreBooks::refuses(model::Dataset dataset, std::size_t bytes) const {
    const Log& log = logs_[model::kTopicOf[dataset]];
    if (log.dropping && log.ranges >= EventStore::kMaxDropRanges) return true;
    if (overflow_ == Overflow::wait) return false;
    if (overflow_ == Overflow::evict) return !has_room(bytes, limits_);
    const StoreLimits share = limits_.share_of(dataset);
    return !has_room(bytes, log.dropping ? share.part(7, 8) : share);
}

void StoreBooks::accept(model::Topic topic, std::uint64_t sequence, std::size_t bytes) {
    logs_[topic].last_sequence = sequence;
    logs_[topic].dropping = false;
    ++accepted_events_;
    accepted_bytes_ += bytes;
}

void StoreBooks::settle(std::size_t bytes) {
    --accepted_events_;
    accepted_bytes_ -= bytes;
}

bool StoreBooks::add(model::Topic topic, std::uint64_t sequence, const WaitingEvent& event) {
    Log& log = logs_[topic];
    if (const auto replay = replays_.find(event.position); replay != replays_.end()) {
        add_replay(log, event, replay->second);
        return true;
    }
    WaitingEvent numbered = event;
    numbered.sequence = sequence;
    log.waiting.push_back(numbered);
    // An event that was accepted before has its number already, and later ones may have been dropped.
    if (sequence > log.last_sequence) {
        log.last_sequence = sequence;
        log.dropping = false;
    }
    log.last_stored = sequence;
    count_stored(log, event.bytes);
    go_on_after(event.position);
    if (has_readers()) return true;
    release(log, event.position);
    return false;
}

void StoreBooks::drop(const DropRange& range) {
    Log& log = logs_[range.topic];
    const std::uint64_t count = range.last - range.first + 1;
    log.figures.created += count;
    log.figures.dropped += count;
    if (range.last > log.last_sequence) {
        log.last_sequence = range.last;
        log.dropping = true;
    }
    add_range(log, range);
}

void StoreBooks::add_range(Log& log, const DropRange& range) {
    const auto boots = log.untold.end() - static_cast<std::ptrdiff_t>(log.ranges);
    const auto begin = range.of_last_boot ? log.untold.begin() : boots;
    const auto end = range.of_last_boot ? boots : log.untold.end();
    // Most often it follows the last one.
    const auto next = std::find_if(begin, end, [&range](const DropRange& other) { return other.first > range.last; });
    if (next != begin && std::prev(next)->last + 1 == range.first && std::prev(next)->evicted == range.evicted) {
        std::prev(next)->last = range.last;
    } else if (next != end && range.last + 1 == next->first && next->evicted == range.evicted) {
        next->first = range.first;
    } else {
        log.untold.insert(next, range);
        if (!range.of_last_boot) ++log.ranges;
    }
}

ReaderId StoreBooks::id_of(std::string_view name) {
    const auto known =
        std::find_if(readers_.begin(), readers_.end(), [name](const Reader& reader) { return reader.name == name; });
    if (known != readers_.end()) return static_cast<ReaderId>(known - readers_.begin());
    readers_.push_back({std::string(name), {}, false});
    return readers_.size() - 1;
}

ReaderId StoreBooks::add_reader(std::string_view name) {
    const ReaderId reader = id_of(name);
    readers_[reader].added = true;
    return reader;
}

bool StoreBooks::has_readers() const {
    return std::any_of(readers_.begin(), readers_.end(), [](const Reader& reader) { return reader.added; });
}

base::Result<bool> StoreBooks::acknowledge(ReaderId reader, model::Topic topic, Position up_to) {
    if (up_to > last_position_) {
        return base::Error{"reader " + name(reader) + " acknowledges event " + std::to_string(up_to) +
                           ", but the store ends at " + std::to_string(last_position_)};
    }
    Position& place = readers_[reader].places[topic];
    if (up_to <= place) return false;
    place = up_to;
    release(logs_[topic], released(topic));
    return true;
}

Position StoreBooks::released(model::Topic topic) const {
    Position done = last_position_;
    for (const Reader& reader : readers_) {
        if (reader.added) done = std::min(done, reader.places[topic]);
    }
    return done;
}

void StoreBooks::release(Log& log, Position up_to) {
    while (!log.waiting.empty() && log.waiting.front().position <= up_to) {
        const WaitingEvent& event = log.waiting.front();
        ++(event.dead ? log.figures.dead : log.figures.acknowledged);
        take_out(log);
    }
}

void StoreBooks::take_out(Log& log) {
    const WaitingEvent event = log.waiting.front();
    replays_.erase(event.position);
    uncount(log, 1, event.bytes);
    const WaitingSpan lost = log.waiting.pop_front();
    uncount(log, lost.events, lost.bytes);
    log.figures.evicted += lost.events;
}

void StoreBooks::uncount(Log& log, std::uint64_t events, std::uint64_t bytes) {
    log.figures.waiting -= events;
    log.figures.waiting_bytes -= bytes;
    waiting_events_ -= events;
    waiting_bytes_ -= bytes;
}

void StoreBooks::evict_after(Position kept) {
    for (const auto topic : base::enumerators<model::Topic>()) {
        Log& log = logs_[topic];
        WaitingSpan others;
        for (const WaitingEvent& event : log.waiting.take_after(kept, others)) {
            if (event.sequence != 0) add_range(log, {topic, event.sequence, event.sequence, event.of_last_boot, true});
            ++log.figures.evicted;
            replays_.erase(event.position);
            uncount(log, 1, event.bytes);
        }
        log.figures.evicted += others.events;
        uncount(log, others.events, others.bytes);
        if (kept != 0) continue;
        for (Reader& reader : readers_) reader.places[topic] = last_position_;
    }
}

std::uint64_t StoreBooks::lag(ReaderId reader, model::Topic topic) const {
    const WaitingLog& waiting = logs_[topic].waiting;
    std::uint64_t lag = waiting.count_after(place(reader, topic));
    for (auto replay = replays_.upper_bound(place(reader, topic)); replay != replays_.end(); ++replay) {
        const WaitingEvent* event = waiting.next_after(replay->first - 1);
        if (replay->second.reader != reader && event != nullptr && event->position == replay->first) --lag;
    }
    return lag;
}

base::Status StoreBooks::check_reject(ReaderId reader, model::Topic topic, Position position) const {
    if (position > place(reader, topic) && logs_[topic].waiting.may_have(position)) return base::Done{};
    return base::Error{"reader " + name(reader) + " rejects event " + std::to_string(position) +
                       ", which does not wait for it"};
}

void StoreBooks::bury(DeadEvent dead) {
    logs_[dead.envelope->topic()].waiting.mark_dead(dead.envelope->position);
    if (dead_.size() == EventStore::kMaxDeadEvents) {
        dead_.pop_front();
        ++dead_forgotten_;
    }
    dead_.push_back(std::move(dead));
}

std::vector<DropRange> StoreBooks::drops() const {
    std::vector<DropRange> ranges;
    for (const Log& log : logs_) ranges.insert(ranges.end(), log.untold.begin(), log.untold.end());
    return ranges;
}

void StoreBooks::mark_told(const DropRange& told) {
    Log& log = logs_[told.topic];
    const auto range = std::find_if(log.untold.begin(), log.untold.end(), [&](const DropRange& other) {
        return other.first == told.first && other.of_last_boot == told.of_last_boot && other.evicted == told.evicted;
    });
    if (range == log.untold.end()) return;
    range->first = told.last + 1;
    if (range->first <= range->last) return;
    if (!range->of_last_boot) --log.ranges;
    log.untold.erase(range);
}

LastSequences StoreBooks::last_stored() const {
    LastSequences last;
    for (const auto topic : base::enumerators<model::Topic>()) last[topic] = logs_[topic].last_stored;
    return last;
}

StoreFigures StoreBooks::figures() const {
    StoreFigures figures;
    figures.dead_forgotten = dead_forgotten_;
    for (const auto topic : base::enumerators<model::Topic>()) {
        const Log& log = logs_[topic];
        figures.topics[topic] = log.figures;
        if (!log.waiting.empty()) figures.topics[topic].oldest_created_ns = log.waiting.front().created_ns;
    }
    return figures;
}

}  // namespace telltale::exporters
