// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/booked_store.h"

#include <algorithm>
#include <utility>

namespace telltale::exporters {

AppendResult BookedStore::append(Envelope envelope, const Render& render) {
    const model::Topic topic = envelope.topic();
    std::unique_lock lock(mutex_);
    // Nobody else appends: the number stays this event's while it is rendered.
    const std::uint64_t sequence = books_.next_sequence(topic);
    if (overflow_ != Overflow::evict && books_.refuses(envelope.dataset, envelope.key.size())) {
        return drop(topic, sequence);
    }
    lock.unlock();
    envelope.sequence = sequence;
    render(sequence, envelope.json);
    lock.lock();
    if (!make_room(lock, envelope)) return drop(topic, sequence);
    envelope.position = last_given_ = std::max(last_given_, books_.last_position()) + 1;
    const auto stored = std::make_shared<const Envelope>(std::move(envelope));
    switch (keep(stored)) {
        case Kept::no: --last_given_; return drop(topic, sequence);
        case Kept::later: books_.accept(topic, sequence, stored->bytes()); return {true, sequence};
        case Kept::now: break;
    }
    add(*stored);
    lock.unlock();
    appended_.notify_all();
    return {true, sequence};
}

void BookedStore::add(const Envelope& stored) {
    const bool waits = books_.add(stored.topic(), stored.sequence,
                                  {stored.position, stored.bytes(), stored.created_ns, false, false, stored.sequence});
    if (!waits) release(stored.topic(), stored.position);
    move_behind_replays(stored.topic());
}

void BookedStore::move_behind_replays(model::Topic topic) {
    for (ReaderId reader = 0; reader < books_.readers(); ++reader) {
        if (!books_.skip_replays(reader, topic)) continue;
        note_place(reader, topic, books_.place(reader, topic));
        release(topic, books_.released(topic));
    }
}

std::optional<Position> BookedStore::replay(std::string_view reader_name, const Envelope& dead) {
    const std::lock_guard lock(mutex_);
    const ReaderId reader = books_.id_of(reader_name);
    if (!books_.can_replay(reader, dead.bytes())) return std::nullopt;
    Envelope copy = dead;
    copy.position = std::max(last_given_, books_.last_position()) + 1;
    books_.accept_replay(reader, dead.position, copy.position, copy.bytes());
    const auto stored = std::make_shared<const Envelope>(std::move(copy));
    const Kept kept = keep(stored);
    if (kept != Kept::later) books_.settle(stored->bytes());
    if (kept == Kept::no) {
        books_.give_up_replay(stored->position);
        return std::nullopt;
    }
    last_given_ = stored->position;
    if (kept == Kept::now) add(*stored);
    return last_given_;
}

void BookedStore::settle(std::span<const StoredEnvelope> events) {
    {
        const std::lock_guard lock(mutex_);
        for (const StoredEnvelope& event : events) {
            books_.settle(event->bytes());
            add(*event);
        }
    }
    appended_.notify_all();
}

void BookedStore::give_up(std::span<const StoredEnvelope> events) {
    const std::lock_guard lock(mutex_);
    for (const StoredEnvelope& event : events) {
        books_.settle(event->bytes());
        if (books_.is_replay(event->position)) {
            books_.give_up_replay(event->position);
        } else {
            drop(event->topic(), event->sequence);
        }
    }
}

void BookedStore::lose_waiting(Position kept) {
    const std::lock_guard lock(mutex_);
    books_.evict_after(kept);
    if (kept == 0) {
        for (const DeadEvent& dead : books_.dead()) note_dead(dead);
    }
    books_.each_place(
        [this](ReaderId reader, model::Topic topic, Position place) { note_place(reader, topic, place); });
}

bool BookedStore::make_room(std::unique_lock<std::mutex>& lock, const Envelope& envelope) {
    const std::size_t bytes = envelope.bytes();
    if (overflow_ == Overflow::evict) evict_for(envelope);
    if (overflow_ != Overflow::wait) return !books_.refuses(envelope.dataset, bytes);
    if (books_.has_room(bytes)) return true;
    if (pull_) {
        lock.unlock();
        pull_();
        lock.lock();
    } else {
        released_.wait(lock, [&] { return closed_ || !books_.has_readers() || books_.has_room(bytes); });
    }
    return books_.has_room(bytes);
}

void BookedStore::evict_for(const Envelope& envelope) {
    while (const std::optional<model::Topic> victim = books_.victim_for(envelope.dataset, envelope.bytes())) {
        note_evicted(*victim);
        books_.evict_oldest(*victim);
        books_.each_place([&](ReaderId reader, model::Topic topic, Position place) {
            if (topic == *victim) note_place(reader, topic, place);
        });
        release(*victim, books_.released(*victim));
    }
}

AppendResult BookedStore::drop(model::Topic topic, std::uint64_t sequence) {
    const DropRange range{topic, sequence, sequence, false};
    note_drop(range);
    books_.drop(range);
    return {false, sequence};
}

ReaderId BookedStore::add_reader(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const ReaderId reader = books_.add_reader(name);
    note_reader(reader);
    for (const auto topic : base::enumerators<model::Topic>()) move_behind_replays(topic);
    return reader;
}

base::Result<std::size_t> BookedStore::read(ReaderId reader, model::Topic topic, Position after, std::size_t max,
                                            std::vector<StoredEnvelope>& batch) {
    batch.clear();
    const std::lock_guard lock(mutex_);
    Position from = std::max(after, books_.place(reader, topic));
    bool more = true;
    while (batch.empty() && more) {
        if (const base::Status loaded = load(topic, from, max, batch); !loaded) return loaded.error();
        // An event that is kept, but not yet settled, is not stored.
        while (!batch.empty() && batch.back()->position > books_.last_position()) batch.pop_back();
        more = !batch.empty();
        if (more) from = batch.back()->position;
        std::erase_if(batch, [&](const StoredEnvelope& event) { return !books_.is_for(reader, event->position); });
    }
    return batch.size();
}

bool BookedStore::wait(Position after, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    appended_.wait_for(lock, timeout, [&] { return closed_ || books_.last_position() > after; });
    return books_.last_position() > after;
}

base::Status BookedStore::acknowledge(ReaderId reader, model::Topic topic, Position up_to) {
    {
        const std::lock_guard lock(mutex_);
        const base::Result<bool> moved = books_.acknowledge(reader, topic, up_to);
        if (!moved) return moved.error();
        if (!*moved) return base::Done{};
        note_place(reader, topic, up_to);
        release(topic, books_.released(topic));
        move_behind_replays(topic);
    }
    released_.notify_all();
    return base::Done{};
}

base::Status BookedStore::reject(ReaderId reader, model::Topic topic, Position position, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    if (base::Status waits = books_.check_reject(reader, topic, position); !waits) return waits;
    std::vector<StoredEnvelope> batch;
    if (base::Status loaded = load(topic, position - 1, 1, batch); !loaded) return loaded;
    if (batch.empty() || batch.front()->position != position) {
        return base::Error{"event " + std::to_string(position) + " cannot be read any more"};
    }
    DeadEvent dead{reader, batch.front(), std::string(reason)};
    note_dead(dead);
    books_.bury(std::move(dead));
    return base::Done{};
}

std::uint64_t BookedStore::lag(ReaderId reader, model::Topic topic) const {
    const std::lock_guard lock(mutex_);
    return books_.lag(reader, topic);
}

std::vector<DropRange> BookedStore::drops() const {
    const std::lock_guard lock(mutex_);
    return books_.drops();
}

void BookedStore::mark_drops_told(std::span<const DropRange> ranges) {
    const std::lock_guard lock(mutex_);
    for (const DropRange& range : ranges) {
        note_told(range);
        books_.mark_told(range);
    }
}

std::vector<DeadEvent> BookedStore::dead_events() const {
    const std::lock_guard lock(mutex_);
    return {books_.dead().begin(), books_.dead().end()};
}

std::optional<LastSequences> BookedStore::last_boot() const {
    const std::lock_guard lock(mutex_);
    return books_.last_boot();
}

StoreFigures BookedStore::figures() const {
    const std::lock_guard lock(mutex_);
    return books_.figures();
}

Position BookedStore::last_position() const {
    const std::lock_guard lock(mutex_);
    return books_.last_position();
}

void BookedStore::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    appended_.notify_all();
    released_.notify_all();
}

}  // namespace telltale::exporters
