// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/counters.h"

namespace telltale::correlate {
namespace {

// Finds the sum of this part among the bases.
template <typename Part>
void add_part(Part& sum, const Part& one) {
    base::add(sum, one);
}

template <typename Enum>
void add_array(base::EnumArray<Enum, std::uint64_t>& sum, const base::EnumArray<Enum, std::uint64_t>& one) {
    for (const Enum value : base::enumerators<Enum>()) sum[value] += one[value];
}

}  // namespace

void Counters::add(const Who& who) {
    add_part<DeviceTableCounters>(*this, who.devices().counters());
    add_part<SeenFlowsCounters>(*this, who.flows().counters());
    add_part<HomeNetworksCounters>(*this, who.home().counters());
    records = who.records();
}

void Counters::add(const WhatCounters& partition) {
    add_part<NameTableCounters>(*this, partition.names);
    add_part<DnsNamesCounters>(*this, partition.dns_names);
    add_part<EvidenceCounters>(*this, partition.evidence);
    add_part<MatchedCounters>(*this, partition.matched);
    add_part<ContactsCounters>(*this, partition.contacts);
    add_part<LedgerCounters>(*this, partition.ledger);
    add_part<AlertBookCounters>(*this, partition.alerts);
    add_part<DestinationsCounters>(*this, partition.destinations);
    add_array(flows_by_method, partition.outcomes.flows_by_method);
    add_array(flows_by_cause, partition.outcomes.flows_by_cause);
}

}  // namespace telltale::correlate
