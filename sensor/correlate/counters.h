// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sensor/base/counters.h"
#include "sensor/base/enumeration.h"
#include "sensor/correlate/what/partition.h"
#include "sensor/correlate/who/who.h"
#include "sensor/model/event.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

// The counters of all parts of a correlator, added up over its partitions.
struct Counters : WhoCounters, WhatCounters {
    std::array<std::uint64_t, model::kRecordKindCount> records{};
    base::EnumArray<model::Topic, std::uint64_t> events;

    void add(const Who& who) {
        WhoCounters::add(who.counters());
        records = who.records();
    }
    void add(const WhatCounters& partition) { WhatCounters::add(partition); }

    // Calls report(const base::CounterValue&) for every counter of a part.
    template <typename Report>
    void visit(Report&& report) const {
        WhoCounters::visit(report);
        WhatParts::visit(report);
    }
    template <typename Take>
    void for_each_part(Take&& take) {
        WhoCounters::for_each_part(take);
        WhatParts::for_each_part(take);
    }
};

}  // namespace telltale::correlate
