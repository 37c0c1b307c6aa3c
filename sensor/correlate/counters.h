// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sensor/model/event.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

// Each figure once: name, help. All count up.
#define TELLTALE_CORRELATE_COUNTERS(X)                                                             \
    X(flows, "Flows that were seen")                                                               \
    X(flows_without_start, "Flows that were first seen by another record than flow_start")         \
    X(flows_over_limit, "Records of flows whose worker or slot is beyond the limit")               \
    X(flows_late, "Flows that were named after bytes of theirs had been reported as unattributed") \
    X(flows_with_ech, "Flows whose ClientHello has an encrypted inner hello")                      \
    X(devices, "Devices that were seen")                                                           \
    X(devices_over_limit, "Endpoints that found no room in the device table")                      \
    X(addresses_over_limit, "Addresses that found no room in the address table")                   \
    X(addresses_forgotten, "Addresses of a device that made room for newer ones")                  \
    X(routers, "MAC addresses that were found to forward for others")                              \
    X(home_prefixes_learned, "IPv6 prefixes that were learned to be home")                         \
    X(home_prefixes_over_limit, "IPv6 prefixes that found no room")                                \
    X(evidence_over_limit, "Observations that found no room in a device's evidence")               \
    X(signatures_out_of_range, "Signature ids that the bundle does not have")                      \
    X(names, "Distinct host names")                                                                \
    X(names_over_limit, "Host names that found no room and were left out")                         \
    X(dns_names, "Addresses that DNS answers named, per device")                                   \
    X(dns_names_evicted, "DNS answers that made room for newer ones")                              \
    X(contacts, "First contacts of a device with a destination")                                   \
    X(contacts_over_limit, "Contacts that found no room and raised no first-contact event")        \
    X(ledger_rows, "Ledger rows that were reported")                                               \
    X(ledger_rows_folded, "Deltas that went to a row without device for want of room")             \
    X(bytes, "IP bytes that flow deltas reported")                                                 \
    X(alerts, "Alerts that were opened")                                                           \
    X(alerts_suppressed, "Flows that held for an alert that was open already")                     \
    X(alerts_over_limit, "Alerts that found no room and were not raised")

// What correlate did. Plain fields with one writer, the correlator's thread.
struct Counters {
#define X(name, help) std::uint64_t name = 0;
    TELLTALE_CORRELATE_COUNTERS(X)
#undef X
    std::array<std::uint64_t, model::kRecordKindCount> records{};
    base::EnumArray<model::Topic, std::uint64_t> events;
    base::EnumArray<model::AttributionMethod, std::uint64_t> flows_by_method;  // none: unattributed
    base::EnumArray<model::UnattributedCause, std::uint64_t> flows_by_cause;   // none: attributed

    // Calls visit(name, help, value) for every figure of the list.
    template <typename Visit>
    void for_each(Visit&& visit) const {
#define X(name, help) visit(#name, help, name);
        TELLTALE_CORRELATE_COUNTERS(X)
#undef X
    }
};

}  // namespace telltale::correlate
