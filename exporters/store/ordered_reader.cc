// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/ordered_reader.h"

#include <algorithm>
#include <iterator>

namespace telltale::exporters {

base::Result<std::size_t> OrderedReader::read(std::size_t max, std::vector<StoredEnvelope>& batch) {
    batch.clear();
    // Events that are stored from here on may precede one of a topic that is already read.
    const Position end = store_.last_position();
    for (const auto topic : base::enumerators<model::Topic>()) {
        const base::Result<std::size_t> count = store_.read(reader_, topic, read_, max, of_topic_);
        if (!count) return count;
        std::copy_if(of_topic_.begin(), of_topic_.end(), std::back_inserter(batch),
                     [end](const StoredEnvelope& envelope) { return envelope->position <= end; });
    }
    of_topic_.clear();
    std::sort(batch.begin(), batch.end(),
              [](const StoredEnvelope& left, const StoredEnvelope& right) { return left->position < right->position; });
    // The first `max` of all topics are among the first `max` of each.
    if (batch.size() > max) batch.resize(max);
    if (!batch.empty()) {
        read_ = batch.back()->position;
    } else if (max != 0) {
        read_ = std::max(read_, end);  // nothing is left of an earlier boot, say: wait() has to look behind it
    }
    return batch.size();
}

base::Status OrderedReader::acknowledge() {
    for (const auto topic : base::enumerators<model::Topic>()) {
        if (base::Status done = store_.acknowledge(reader_, topic, read_); !done) return done;
    }
    acknowledged_ = read_;
    return base::Done{};
}

std::uint64_t OrderedReader::lag() const {
    std::uint64_t sum = 0;
    for (const auto topic : base::enumerators<model::Topic>()) sum += store_.lag(reader_, topic);
    return sum;
}

}  // namespace telltale::exporters
