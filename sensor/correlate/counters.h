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
struct Counters : DeviceTableCounters,
                  SeenFlowsCounters,
                  HomeNetworksCounters,
                  NameTableCounters,
                  DnsNamesCounters,
                  EvidenceCounters,
                  MatchedCounters,
                  ContactsCounters,
                  LedgerCounters,
                  AlertBookCounters,
                  DestinationsCounters,
                  FlowOutcomes {
    std::array<std::uint64_t, model::kRecordKindCount> records{};
    base::EnumArray<model::Topic, std::uint64_t> events;

    void add(const Who& who);
    void add(const WhatCounters& partition);

    // Calls visit(name, help, value) for every counter that a part lists.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        visit_parts<DeviceTableCounters, SeenFlowsCounters, HomeNetworksCounters, NameTableCounters, DnsNamesCounters,
                    EvidenceCounters, MatchedCounters, ContactsCounters, LedgerCounters, AlertBookCounters,
                    DestinationsCounters>(visit);
    }

  private:
    template <typename... Parts, typename Visit>
    void visit_parts(Visit&& visit) const {
        const auto report = [&](const base::CounterValue& one) { visit(one.name, one.help, one.value); };
        (base::visit(static_cast<const Parts&>(*this), report), ...);
    }
};

}  // namespace telltale::correlate
