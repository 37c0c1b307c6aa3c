// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/memory_store.h"

#include <algorithm>
#include <cassert>

#include "exporters/store/event_size.h"

namespace telltale::exporters {
MemoryStore::MemoryStore(MemoryStoreLimits limits) : limits_(limits) {}

// `eighths` of `share_percent` of the limits. An empty store takes any event, however large.
bool MemoryStore::has_room(std::size_t bytes, unsigned share_percent, unsigned eighths) const {
    if (entries_.empty()) return limits_.max_events > 0;
    const auto part = [&](std::size_t limit) {
        return limit / 800 * share_percent * eighths + limit % 800 * share_percent * eighths / 800;
    };
    return entries_.size() < part(limits_.max_events) && bytes_ + bytes <= part(limits_.max_bytes);
}

bool MemoryStore::make_room(std::unique_lock<std::mutex>& lock, model::Topic topic, std::size_t bytes) {
    const Kind& state = kinds_[topic];
    if (state.dropping && state.untold.size() >= kMaxDropRanges) return false;
    if (limits_.overflow == Overflow::drop) {
        return has_room(bytes, limits_.share_percent[topic], state.dropping ? 7 : 8);
    }
    if (has_room(bytes, 100, 8)) return true;
    if (pull_) {
        lock.unlock();
        pull_();
        lock.lock();
        return has_room(bytes, 100, 8);
    }
    released_.wait(lock, [&] { return closed_ || readers_.empty() || has_room(bytes, 100, 8); });
    return has_room(bytes, 100, 8);
}

AppendResult MemoryStore::append(model::Event event) {
    const std::size_t bytes = approximate_bytes(event);
    const model::Topic topic = event.topic();
    LogFigures& figures = figures_[topic];
    std::unique_lock lock(mutex_);
    const bool room = make_room(lock, topic, bytes);
    event.sequence = ++figures.created;
    if (!room) {
        count_drop(topic, event.sequence);
        return {false, event.sequence};
    }
    kinds_[topic].dropping = false;
    const std::uint64_t sequence = event.sequence;
    entries_.push_back({std::make_shared<const model::Event>(std::move(event)), bytes, false});
    bytes_ += bytes;
    ++figures.stored;
    ++figures.waiting;
    lock.unlock();
    appended_.notify_all();
    return {true, sequence};
}

void MemoryStore::count_drop(model::Topic topic, std::uint64_t sequence) {
    Kind& state = kinds_[topic];
    ++figures_[topic].dropped;
    state.dropping = true;
    if (!state.untold.empty() && state.untold.back().last + 1 == sequence) {
        state.untold.back().last = sequence;
    } else {
        state.untold.push_back({topic, sequence, sequence});
    }
}

ReaderId MemoryStore::add_reader(std::string_view name) {
    const std::lock_guard lock(mutex_);
    readers_.push_back({std::string(name), first_position_ - 1});
    return readers_.size() - 1;
}

base::Result<std::size_t> MemoryStore::read(ReaderId reader, Position after, std::size_t max,
                                            std::vector<StoredEvent>& batch) {
    batch.clear();
    const std::lock_guard lock(mutex_);
    assert(reader < readers_.size());
    const Position from = std::max(after, readers_[reader].acknowledged) + 1;
    for (Position position = from; position <= last_position() && batch.size() < max; ++position) {
        batch.push_back({position, entries_[static_cast<std::size_t>(position - first_position_)].event});
    }
    return batch.size();
}

bool MemoryStore::wait(ReaderId reader, Position after, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    assert(reader < readers_.size());
    const auto there = [&] { return last_position() > std::max(after, readers_[reader].acknowledged); };
    appended_.wait_for(lock, timeout, [&] { return closed_ || there(); });
    return there();
}

base::Status MemoryStore::acknowledge(ReaderId reader, Position up_to) {
    {
        const std::lock_guard lock(mutex_);
        assert(reader < readers_.size());
        if (up_to > last_position()) {
            return base::Error{"reader " + readers_[reader].name + " acknowledges event " + std::to_string(up_to) +
                               ", but the store ends at " + std::to_string(last_position())};
        }
        if (up_to <= readers_[reader].acknowledged) return base::Done{};
        readers_[reader].acknowledged = up_to;
        release();
    }
    released_.notify_all();
    return base::Done{};
}

void MemoryStore::release() {
    Position done = last_position();
    for (const Reader& reader : readers_) done = std::min(done, reader.acknowledged);
    while (!entries_.empty() && first_position_ <= done) {
        const Entry& entry = entries_.front();
        LogFigures& figures = figures_[entry.event->topic()];
        --figures.waiting;
        ++(entry.dead ? figures.dead : figures.acknowledged);
        bytes_ -= entry.bytes;
        entries_.pop_front();
        ++first_position_;
    }
}

base::Status MemoryStore::reject(ReaderId reader, Position position, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    assert(reader < readers_.size());
    if (position <= readers_[reader].acknowledged || position > last_position()) {
        return base::Error{"reader " + readers_[reader].name + " rejects event " + std::to_string(position) +
                           ", which does not wait for it"};
    }
    Entry& entry = entries_[static_cast<std::size_t>(position - first_position_)];
    entry.dead = true;
    if (dead_.size() == kMaxDeadEvents) dead_.pop_front();
    dead_.push_back({reader, {position, entry.event}, std::string(reason)});
    return base::Done{};
}

std::vector<DropRange> MemoryStore::drops() const {
    const std::lock_guard lock(mutex_);
    std::vector<DropRange> ranges;
    for (const Kind& kind : kinds_) ranges.insert(ranges.end(), kind.untold.begin(), kind.untold.end());
    return ranges;
}

void MemoryStore::mark_drops_told(std::span<const DropRange> ranges) {
    const std::lock_guard lock(mutex_);
    for (const DropRange& told : ranges) {
        std::deque<DropRange>& untold = kinds_[told.topic].untold;
        const auto range = std::find_if(untold.begin(), untold.end(),
                                        [&](const DropRange& other) { return other.first == told.first; });
        if (range == untold.end()) continue;
        // It may have grown since it was told.
        range->first = told.last + 1;
        if (range->first > range->last) untold.erase(range);
    }
}

std::vector<DeadEvent> MemoryStore::dead_events() const {
    const std::lock_guard lock(mutex_);
    return {dead_.begin(), dead_.end()};
}

StoreFigures MemoryStore::figures() const {
    const std::lock_guard lock(mutex_);
    StoreFigures figures;
    figures.topics = figures_;
    figures.waiting_events = entries_.size();
    figures.waiting_bytes = bytes_;
    figures.oldest_created_ns = entries_.empty() ? 0 : entries_.front().event->created_ns;
    figures.last_position = last_position();
    return figures;
}

void MemoryStore::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    appended_.notify_all();
    released_.notify_all();
}

}  // namespace telltale::exporters
