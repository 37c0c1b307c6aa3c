// SPDX-License-Identifier: Apache-2.0
// The books' part on events that make room for newer ones.
#include <algorithm>

#include "exporters/store/store_books.h"

namespace telltale::exporters {
namespace {

// A topic is worth as much as its worthiest dataset.
constexpr base::EnumArray<model::Topic, unsigned> worth_of_topics() {
    base::EnumArray<model::Topic, unsigned> worth{};
    for (const auto dataset : base::enumerators<model::Dataset>()) {
        unsigned& of_topic = worth[model::kTopicOf[dataset]];
        of_topic = std::max(of_topic, model::kStoreShare[dataset]);
    }
    return worth;
}

constexpr base::EnumArray<model::Topic, unsigned> kWorth = worth_of_topics();

}  // namespace

std::optional<model::Topic> StoreBooks::victim_for(model::Dataset dataset, std::size_t bytes) const {
    if (has_room(bytes)) return std::nullopt;
    std::optional<model::Topic> victim;
    for (const auto topic : base::enumerators<model::Topic>()) {
        const Log& log = logs_[topic];
        // One range is left for what is dropped.
        if (log.waiting.empty() || log.ranges + 1 >= EventStore::kMaxDropRanges) continue;
        if (!victim || kWorth[topic] < kWorth[*victim]) victim = topic;
    }
    return victim && kWorth[*victim] <= kWorth[model::kTopicOf[dataset]] ? victim : std::nullopt;
}

void StoreBooks::evict_oldest(model::Topic topic) {
    Log& log = logs_[topic];
    if (log.waiting.empty()) return;
    const WaitingEvent event = log.waiting.front();
    if (event.sequence != 0) add_range(log, {topic, event.sequence, event.sequence, event.of_last_boot, true});
    ++log.figures.evicted;
    take_out(log);
    for (Reader& reader : readers_) {
        if (reader.added) reader.places[topic] = std::max(reader.places[topic], event.position);
    }
}

}  // namespace telltale::exporters
