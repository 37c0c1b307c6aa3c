// SPDX-License-Identifier: Apache-2.0
// What came out of a RecordFeed.
#include <algorithm>
#include <sstream>

#include "sensor/model/sentence.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate::testing {

std::vector<model::Event> RecordFeed::events(model::EventAction action) const {
    std::vector<model::Event> out;
    std::copy_if(events_.begin(), events_.end(), std::back_inserter(out),
                 [&](const model::Event& event) { return event.action == action; });
    return out;
}

std::vector<std::string> RecordFeed::in_order() const {
    std::vector<std::string> out;
    for (const model::Event& event : events_) {
        std::ostringstream line;
        std::string sentence;
        model::append_sentence(sentence, event);
        line << to_string(event.action) << ' ' << event.time_ns << ' ' << event.generation << ' ' << sentence;
        if (event.device) {
            line << ' ' << event.device->id << ' ' << event.device_last_seen_ns << ' ' << event.device->number << ' '
                 << event.device->addresses.size() << ' ' << event.device->macs.size() << ' '
                 << event.device->evidence.size() << ' ' << event.device->host_name;
        }
        if (event.destination) {
            line << ' ' << event.destination->owner_id << ' ' << event.destination->domain << ' '
                 << event.destination->registered_domain << ' ' << event.destination->confidence;
        }
        if (event.flow) line << ' ' << event.flow->source_port << ' ' << event.flow->community_id;
        if (event.transfer) {
            line << ' ' << event.transfer->start_ns << ' ' << event.transfer->bytes_up << ' '
                 << event.transfer->bytes_down << ' ' << event.transfer->flows << ' ' << event.transfer->final << ' '
                 << event.transfer->late << ' ' << event.transfer->domains.size();
        }
        if (event.alert) line << ' ' << event.alert->id << ' ' << event.alert->count << ' ' << event.alert->reason;
        out.push_back(line.str());
    }
    return out;
}

std::vector<std::string> RecordFeed::lines() const {
    std::vector<std::string> out = in_order();
    std::sort(out.begin(), out.end());
    return out;
}

std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> sums(const RecordFeed& feed) {
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> out;
    for (const model::Event& event : feed.events(model::EventAction::transfer_summary)) {
        auto& sum = out[event.destination->owner_id];
        sum.first += event.transfer->bytes_up;
        sum.second += event.transfer->bytes_down;
    }
    std::erase_if(out, [](const auto& row) { return row.second == std::pair<std::uint64_t, std::uint64_t>{}; });
    return out;
}

}  // namespace telltale::correlate::testing
