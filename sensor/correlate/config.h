// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sensor/correlate/what/partition.h"
#include "sensor/correlate/what/rounds.h"
#include "sensor/correlate/who/who.h"
#include "sensor/model/addresses.h"

namespace telltale::correlate {

// A site's settings of correlate. A value; copied by the Correlator. Every table has a cap here and a counter for
// reaching it in Counters.
struct CorrelateConfig {
    // The networks whose hosts are ours. Empty: RFC 1918, ULA (RFC 4193), link-local and loopback of both families.
    std::vector<model::IpPrefix> home_networks;
    // The /64 of an IPv6 source address is home when a host that holds a home address and is no router sends it to a
    // known router. Without it, hosts with global IPv6 addresses are transit unless home_networks names their prefix.
    bool learn_ipv6_prefixes = Who::Config().learn_ipv6_prefixes;

    // Keys the ids of devices and alerts. The default is public: it makes ids the same in every run, not secret. A site
    // sets its own, and keeps it for as long as ids are to stay the same.
    std::string site_key = "telltale default site key";

    // The meaning of the records' segments, as the caller names it (its taps, in their order): a saved state is
    // restored only if it is the same.
    std::string segments;

    // Knowledge is handed on as rows when it changes: with the events that report it (model::Event::rows), and by
    // Correlator::write_changes(), which somebody must call.
    bool keep_rows = false;

    // Partitions of the devices. 1: everything is done on the caller's thread; more: each has a thread of its own.
    // Events do not depend on it as long as no table is full; the tables of the process are divided among them.
    std::size_t threads = 1;

    std::int64_t interval_ns = Ledger::Config().interval_ns;  // what the workers' deltas are cut to
    // An open alert whose count grows says so at most this often.
    std::int64_t alert_update_ns = AlertBook::Config().update_ns;
    // The least confidence at which events and policies count a maker, operating system or class as known.
    double identified_confidence = kIdentifiedConfidence;

    // Each cap has the default of its table.
    std::size_t max_devices = DeviceTable::Config().max_devices;
    std::size_t max_addresses = DeviceTable::Config().max_addresses;  // address -> device, and what binds it
    std::size_t max_addresses_per_device = DeviceTable::Config().max_addresses_per_device;  // the newest are kept
    std::size_t max_evidence_per_device = Identification::Config().max_evidence_per_device;
    std::size_t max_flow_slots = SeenFlows::Config().max_slots;  // of one worker
    std::size_t max_workers = SeenFlows::Config().max_workers;
    std::size_t max_names = Partition::Config().max_names;     // distinct host names
    std::size_t max_dns_names = DnsNames::Config().max_total;  // addresses that a device's DNS answers named
    std::size_t max_dns_names_per_device = DnsNames::Config().max_per_device;
    std::size_t max_ledger_rows = Ledger::Config().max_rows;  // of the intervals that are not yet closed
    std::size_t max_contacts = Contacts::Config().max_total;  // first contacts, and what late identity needs
    std::size_t max_contacts_per_device = Contacts::Config().max_per_device;
    std::size_t max_alerts = AlertBook::Config().max_open;

    // Used with several threads.
    Rounds rounds;

    // The clock of alerts' periods (AlertBook::Config).
    PeriodClock period_clock;

    // Stamps Event::created_ns. Empty: the system's clock.
    std::function<std::int64_t()> wall_clock_ns;
};

}  // namespace telltale::correlate
