// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/memory_store.h"

#include <algorithm>

namespace telltale::exporters {

BookedStore::Kept MemoryStore::keep(const StoredEnvelope& envelope) {
    logs_[envelope->topic()].push_back(envelope);
    return Kept::now;
}

base::Status MemoryStore::load(model::Topic topic, Position after, std::size_t max,
                               std::vector<StoredEnvelope>& batch) {
    const std::deque<StoredEnvelope>& log = logs_[topic];
    auto event = std::upper_bound(log.begin(), log.end(), after, [](Position wanted, const StoredEnvelope& envelope) {
        return wanted < envelope->position;
    });
    for (; event != log.end() && batch.size() < max; ++event) batch.push_back(*event);
    return base::Done{};
}

void MemoryStore::release(model::Topic topic, Position up_to) {
    std::deque<StoredEnvelope>& log = logs_[topic];
    while (!log.empty() && log.front()->position <= up_to) log.pop_front();
}

}  // namespace telltale::exporters
