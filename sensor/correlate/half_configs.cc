// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/half_configs.h"

#include <algorithm>

namespace telltale::correlate {

Who::Config who_config(const CorrelateConfig& config) {
    Who::Config out;
    out.home_networks = config.home_networks;
    out.learn_ipv6_prefixes = config.learn_ipv6_prefixes;
    out.keep_rows = config.keep_rows;
    out.devices = {config.site_key, config.max_devices, config.max_addresses, config.max_addresses_per_device,
                   config.keep_rows};
    out.flows = {config.max_flow_slots, config.max_workers, std::max<std::size_t>(1, config.threads)};
    return out;
}

Partition::Config partition_config(const CorrelateConfig& config, std::size_t number) {
    const std::size_t partitions = std::max<std::size_t>(1, config.threads);
    const auto share = [&](std::size_t cap) { return (cap + partitions - 1) / partitions; };
    Partition::Config out;
    out.number = number;
    out.partitions = partitions;
    out.max_names = share(config.max_names);
    out.keep_rows = config.keep_rows;
    out.identification = {config.identified_confidence, config.max_evidence_per_device, config.keep_rows};
    out.destinations.dns_names = {share(config.max_dns_names), config.max_dns_names_per_device, config.keep_rows};
    out.destinations.ledger = {config.interval_ns, share(config.max_ledger_rows)};
    out.watch.identified_confidence = config.identified_confidence;
    out.watch.contacts = {share(config.max_contacts), config.max_contacts_per_device, config.keep_rows};
    out.watch.alerts = {config.site_key, config.alert_update_ns, share(config.max_alerts), config.period_clock,
                        config.keep_rows};
    return out;
}

}  // namespace telltale::correlate
