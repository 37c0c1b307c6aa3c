// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/store_health.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>

namespace telltale::app {

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
    std::map<std::string, std::size_t> numbers;
    for (const exporters::DropRange& range : drops_) {
        const std::string kind = fmt::format("{}{}.{}.", range.of_last_boot ? "last_boot." : "",
                                             range.evicted ? "evicted" : "drops", to_string(range.topic));
        const std::string prefix = fmt::format("{}{}.", kind, numbers[kind]++);
        add(prefix + "first", range.first);
        add(prefix + "last", range.last);
    }
    const std::optional<exporters::LastSequences> last_boot = store_.last_boot();
    if (!last_boot || last_boot_told_) return;
    for (const auto topic : base::enumerators<model::Topic>()) {
        add(fmt::format("last_boot.{}", to_string(topic)), (*last_boot)[topic]);
    }
}

void StoreHealth::note_stored() {
    store_.mark_drops_told(drops_);
    last_boot_told_ = true;
}

}  // namespace telltale::app
