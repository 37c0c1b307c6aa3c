// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/memory_store.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace telltale::exporters {
namespace {

// The first of a log's entries after a position.
template <typename Entries>
auto first_after(Entries& entries, Position position) {
    return std::upper_bound(entries.begin(), entries.end(), position,
                            [](Position wanted, const auto& entry) { return wanted < entry.envelope->position; });
}

// `share_percent` of `limit`, and after a drop 7/8 of that: without overflow, rounded down.
std::size_t part_of(std::size_t limit, unsigned share_percent, bool emptied) {
    const std::size_t share = limit / 100 * share_percent + limit % 100 * share_percent / 100;
    return emptied ? share / 8 * 7 + share % 8 * 7 / 8 : share;
}

}  // namespace

bool MemoryStore::has_room(std::size_t bytes, unsigned share_percent, bool emptied) const {
    if (waiting_events_ == 0) return limits_.max_events > 0;
    return waiting_events_ < part_of(limits_.max_events, share_percent, emptied) &&
           waiting_bytes_ + bytes <= part_of(limits_.max_bytes, share_percent, emptied);
}

bool MemoryStore::would_drop(const Log& log, model::Dataset dataset, std::size_t bytes) const {
    if (log.dropping && log.untold.size() >= kMaxDropRanges) return true;
    return overflow_ == Overflow::drop && !has_room(bytes, model::kStoreShare[dataset], log.dropping);
}

bool MemoryStore::wait_for_room(std::unique_lock<std::mutex>& lock, std::size_t bytes) {
    if (has_room(bytes, 100, false)) return true;
    if (pull_) {
        lock.unlock();
        pull_();
        lock.lock();
    } else {
        released_.wait(lock, [&] { return closed_ || readers_.empty() || has_room(bytes, 100, false); });
    }
    return has_room(bytes, 100, false);
}

AppendResult MemoryStore::append(Envelope envelope, const Render& render) {
    const model::Topic topic = envelope.topic();
    Log& log = logs_[topic];
    std::unique_lock lock(mutex_);
    // Nobody else appends: the number stays this event's while it is rendered.
    envelope.sequence = log.figures.created + 1;
    if (would_drop(log, envelope.dataset, envelope.key.size())) return drop(topic, envelope.sequence);
    lock.unlock();
    render(envelope.sequence, envelope.json);
    lock.lock();
    const std::size_t bytes = envelope.bytes();
    const bool room =
        overflow_ == Overflow::wait ? wait_for_room(lock, bytes) : !would_drop(log, envelope.dataset, bytes);
    if (!room) return drop(topic, envelope.sequence);
    const AppendResult result{true, envelope.sequence};
    envelope.position = ++last_position_;
    log.entries.push_back({std::make_shared<const Envelope>(std::move(envelope)), false});
    log.dropping = false;
    ++log.figures.created;
    ++log.figures.stored;
    ++log.figures.waiting;
    log.figures.waiting_bytes += bytes;
    ++waiting_events_;
    waiting_bytes_ += bytes;
    lock.unlock();
    appended_.notify_all();
    return result;
}

AppendResult MemoryStore::drop(model::Topic topic, std::uint64_t sequence) {
    Log& log = logs_[topic];
    ++log.figures.created;
    ++log.figures.dropped;
    log.dropping = true;
    if (!log.untold.empty() && log.untold.back().last + 1 == sequence) {
        log.untold.back().last = sequence;
    } else {
        log.untold.push_back({topic, sequence, sequence, false});
    }
    return {false, sequence};
}

ReaderId MemoryStore::add_reader(std::string_view name) {
    const std::lock_guard lock(mutex_);
    readers_.push_back({std::string(name), {}});
    return readers_.size() - 1;
}

base::Result<std::size_t> MemoryStore::read(ReaderId reader, model::Topic topic, Position after, std::size_t max,
                                            std::vector<StoredEnvelope>& batch) {
    batch.clear();
    const std::lock_guard lock(mutex_);
    assert(reader < readers_.size());
    const auto& entries = logs_[topic].entries;
    auto entry = first_after(entries, std::max(after, readers_[reader].acknowledged[topic]));
    for (; entry != entries.end() && batch.size() < max; ++entry) batch.push_back(entry->envelope);
    return batch.size();
}

bool MemoryStore::wait(Position after, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    appended_.wait_for(lock, timeout, [&] { return closed_ || last_position_ > after; });
    return last_position_ > after;
}

base::Status MemoryStore::acknowledge(ReaderId reader, model::Topic topic, Position up_to) {
    {
        const std::lock_guard lock(mutex_);
        assert(reader < readers_.size());
        if (up_to > last_position_) {
            return base::Error{"reader " + readers_[reader].name + " acknowledges event " + std::to_string(up_to) +
                               ", but the store ends at " + std::to_string(last_position_)};
        }
        Position& acknowledged = readers_[reader].acknowledged[topic];
        if (up_to <= acknowledged) return base::Done{};
        acknowledged = up_to;
        release(logs_[topic], topic);
    }
    released_.notify_all();
    return base::Done{};
}

void MemoryStore::release(Log& log, model::Topic topic) {
    Position done = last_position_;
    for (const Reader& reader : readers_) done = std::min(done, reader.acknowledged[topic]);
    while (!log.entries.empty() && log.entries.front().envelope->position <= done) {
        const Entry& entry = log.entries.front();
        const std::size_t bytes = entry.envelope->bytes();
        --log.figures.waiting;
        log.figures.waiting_bytes -= bytes;
        ++(entry.dead ? log.figures.dead : log.figures.acknowledged);
        --waiting_events_;
        waiting_bytes_ -= bytes;
        log.entries.pop_front();
    }
}

base::Status MemoryStore::reject(ReaderId reader, model::Topic topic, Position position, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    assert(reader < readers_.size());
    auto& entries = logs_[topic].entries;
    const auto entry = position == 0 ? entries.end() : first_after(entries, position - 1);
    if (position <= readers_[reader].acknowledged[topic] || entry == entries.end() ||
        entry->envelope->position != position) {
        return base::Error{"reader " + readers_[reader].name + " rejects event " + std::to_string(position) +
                           ", which does not wait for it"};
    }
    entry->dead = true;
    if (dead_.size() == kMaxDeadEvents) dead_.pop_front();
    dead_.push_back({reader, entry->envelope, std::string(reason)});
    return base::Done{};
}

std::uint64_t MemoryStore::lag(ReaderId reader, model::Topic topic) const {
    const std::lock_guard lock(mutex_);
    assert(reader < readers_.size());
    const auto& entries = logs_[topic].entries;
    return static_cast<std::uint64_t>(entries.end() - first_after(entries, readers_[reader].acknowledged[topic]));
}

std::vector<DropRange> MemoryStore::drops() const {
    const std::lock_guard lock(mutex_);
    std::vector<DropRange> ranges;
    for (const Log& log : logs_) ranges.insert(ranges.end(), log.untold.begin(), log.untold.end());
    return ranges;
}

void MemoryStore::mark_drops_told(std::span<const DropRange> ranges) {
    const std::lock_guard lock(mutex_);
    for (const DropRange& told : ranges) {
        std::deque<DropRange>& untold = logs_[told.topic].untold;
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
    for (const auto topic : base::enumerators<model::Topic>()) {
        const Log& log = logs_[topic];
        figures.topics[topic] = log.figures;
        if (!log.entries.empty()) figures.topics[topic].oldest_created_ns = log.entries.front().envelope->created_ns;
    }
    return figures;
}

Position MemoryStore::last_position() const {
    const std::lock_guard lock(mutex_);
    return last_position_;
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
