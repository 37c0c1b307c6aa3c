// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/store_health.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace telltale::app {

namespace {

std::set<exporters::Position> positions_of(const std::vector<exporters::DeadEvent>& dead) {
    std::set<exporters::Position> positions;
    for (const exporters::DeadEvent& one : dead) positions.insert(one.envelope->position);
    return positions;
}

// Ranges of numbers that no stored event carries are "drops" or "evicted", as the range says; others are `what`.
void add_ranges(std::string_view what, const std::vector<exporters::DropRange>& ranges, model::Health& health) {
    std::map<std::string, std::size_t> numbers;
    for (const exporters::DropRange& range : ranges) {
        const std::string kind = fmt::format("{}{}.{}.", range.of_last_boot ? "last_boot." : "",
                                             range.evicted ? "evicted" : what, to_string(range.topic));
        const std::string prefix = fmt::format("{}{}.", kind, numbers[kind]++);
        health.figures.emplace_back(prefix + "first", range.first);
        health.figures.emplace_back(prefix + "last", range.last);
    }
}

}  // namespace

StoreHealth::StoreHealth(exporters::EventStore& store)
    : store_(store), boot_begins_(store.last_position()), refused_told_(positions_of(store.dead_events())) {}

std::vector<exporters::DropRange> StoreHealth::refused() {
    const std::vector<exporters::DeadEvent> dead = store_.dead_events();
    refused_ = positions_of(dead);
    // By topic and boot, in order; an event that two readers refused is there once.
    std::map<std::pair<model::Topic, bool>, std::set<std::uint64_t>> sequences;
    for (const exporters::DeadEvent& one : dead) {
        if (refused_told_.contains(one.envelope->position)) continue;
        sequences[{one.envelope->topic(), one.envelope->position <= boot_begins_}].insert(one.envelope->sequence);
    }
    std::vector<exporters::DropRange> ranges;
    for (const auto& [log, numbers] : sequences) {
        bool begins = true;
        for (const std::uint64_t number : numbers) {
            if (!begins && ranges.back().last + 1 == number) {
                ranges.back().last = number;
            } else {
                ranges.push_back({log.first, number, number, log.second});
            }
            begins = false;
        }
    }
    return ranges;
}

void StoreHealth::add_to(model::Health& health) {
    const auto add = [&health](std::string name, std::uint64_t value) {
        health.figures.emplace_back(std::move(name), value);
    };
    const exporters::StoreFigures store = store_.figures();
    for (const auto topic : base::enumerators<model::Topic>()) {
        const exporters::LogFigures& log = store.topics[topic];
        const std::string prefix = fmt::format("store.{}.", to_string(topic));
        add(prefix + "created", log.created);
        add(prefix + "dropped", log.dropped);
        add(prefix + "waiting", log.waiting);
        add(prefix + "dead", log.dead);
        add(prefix + "evicted", log.evicted);
        add(prefix + "replayed", log.replayed);
    }
    drops_ = store_.drops();
    add_ranges("drops", drops_, health);
    add_ranges("refused", refused(), health);
    const std::optional<exporters::LastSequences> last_boot = store_.last_boot();
    if (!last_boot || last_boot_told_) return;
    for (const auto topic : base::enumerators<model::Topic>()) {
        add(fmt::format("last_boot.{}", to_string(topic)), (*last_boot)[topic]);
    }
}

void StoreHealth::note_stored() {
    store_.mark_drops_told(drops_);
    refused_told_ = refused_;
    last_boot_told_ = true;
}

}  // namespace telltale::app
