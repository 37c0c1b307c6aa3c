// SPDX-License-Identifier: Apache-2.0
// Metrics of the traffic without its counters: owners, devices, alerts, attribution.
#include "sensor/app/service/family_builder.h"
#include "sensor/app/service/sensor_figures.h"

namespace telltale::app {
namespace {

using prometheus_http::Family;
using prometheus_http::Labels;

std::string or_unknown(const std::string& text) { return text.empty() ? "unknown" : text; }

void add_attribution_families(const SensorFigures& figures, FamilyBuilder& family) {
    family.counter("flows_attributed", "Flows whose destination's owner was found, by method.");
    for (const auto method : base::enumerators<model::AttributionMethod>()) {
        if (method == model::AttributionMethod::none) continue;
        family.value(figures.correlated.flows_by_method[method], {{"method", std::string(to_string(method))}});
    }
    family.counter("flows_unattributed", "Flows whose destination's owner was not found, by cause.");
    for (const auto cause : base::enumerators<model::UnattributedCause>()) {
        if (cause == model::UnattributedCause::none) continue;
        family.value(figures.correlated.flows_by_cause[cause], {{"cause", std::string(to_string(cause))}});
    }
}

void add_owner_families(const FleetSums& fleet, FamilyBuilder& family) {
    const auto two_ways = [&family](const TwoWays& bytes, const Labels& labels) {
        Labels up = labels;
        up.emplace_back("direction", "up");
        Labels down = labels;
        down.emplace_back("direction", "down");
        family.value(bytes[0], std::move(up)).value(bytes[1], std::move(down));
    };
    family.counter("country_bytes", "IP bytes between devices and owners, by the country that controls the owner.");
    for (const auto& [country, bytes] : fleet.countries) two_ways(bytes, {{"country", or_unknown(country)}});
    family.counter("owner_bytes", "IP bytes between devices and owners; other: owners without a metric of their own.");
    for (const OwnerBytes& owner : fleet.owners) two_ways(owner.bytes, {{"owner", owner.owner}});
    two_ways(fleet.other, {{"owner", "other"}});
    family.counter(
        "owner_bytes_taken_back",
        "IP bytes in telltale_owner_bytes_total that were counted as unattributed first and for an owner later.");
    two_ways(fleet.taken_back, {});
    family.gauge("owners_in_other", "Owners without a metric of their own.").value(fleet.owners_in_other);
    family.gauge("owners_cut", "Owners without a metric of their own because of the limit, despite enough bytes.")
        .value(fleet.owners_cut);
}

void add_fleet_families(const FleetSums& fleet, FamilyBuilder& family) {
    family.gauge("devices_by_maker", "Devices seen, by maker; other: makers of fewer devices than those shown.");
    for (const auto& [maker, count] : fleet.devices_by_maker) family.value(count, {{"maker", or_unknown(maker)}});
    family.gauge("devices_by_class", "Devices seen, by class.");
    for (const auto& [kind, count] : fleet.devices_by_class) family.value(count, {{"class", or_unknown(kind)}});
    family.counter("devices_uncounted",
                   "Events about devices beyond the limit, which are not counted by maker and class.");
    family.value(fleet.devices_beyond);
    family.counter("alerts", "Alerts opened, by policy and severity.");
    for (const auto& [what, count] : fleet.alerts) {
        family.value(count, {{"policy", what.first}, {"severity", std::string(to_string(what.second))}});
    }
    family.counter("alerts_uncounted", "Alerts of policies beyond the limit of telltale_alerts_total.");
    family.value(fleet.policies_beyond);
}

}  // namespace

void add_traffic_families(const SensorFigures& figures, std::vector<Family>& families) {
    FamilyBuilder family(families);
    add_attribution_families(figures, family);
    add_owner_families(figures.fleet, family);
    add_fleet_families(figures.fleet, family);
}

}  // namespace telltale::app
