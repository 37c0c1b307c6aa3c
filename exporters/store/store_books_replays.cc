// SPDX-License-Identifier: Apache-2.0
// The books' part on dead events that are replayed.
#include <algorithm>

#include "exporters/store/store_books.h"

namespace telltale::exporters {
void StoreBooks::accept_replay(ReaderId reader, Position original, Position copy, std::size_t bytes) {
    replays_[copy] = {reader, original};
    ++accepted_events_;
    accepted_bytes_ += bytes;
}

void StoreBooks::add_replay(Log& log, const WaitingEvent& event, const Replay& replay) {
    WaitingEvent copy = event;
    copy.sequence = 0;
    log.waiting.push_back(copy);
    count_stored(log, event.bytes);
    ++log.figures.replayed;
    go_on_after(event.position);
    const auto dead = std::find_if(dead_.begin(), dead_.end(), [&replay](const DeadEvent& one) {
        return one.reader == replay.reader && one.envelope->position == replay.original;
    });
    if (dead != dead_.end()) dead_.erase(dead);
}

bool StoreBooks::is_for(ReaderId reader, Position position) const {
    const auto replay = replays_.find(position);
    return replay == replays_.end() || replay->second.reader == reader;
}

bool StoreBooks::skip_replays(ReaderId reader, model::Topic topic) {
    if (replays_.empty()) return false;
    Log& log = logs_[topic];
    Position& place = readers_[reader].places[topic];
    const Position before = place;
    for (const WaitingEvent* next = log.waiting.next_after(place); next != nullptr && !is_for(reader, next->position);
         next = log.waiting.next_after(place)) {
        place = next->position;
    }
    if (place == before) return false;
    release(log, released(topic));
    return true;
}

}  // namespace telltale::exporters
