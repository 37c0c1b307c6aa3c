// SPDX-License-Identifier: Apache-2.0
// Metrics of the traffic: decoding, flows, owners, devices and alerts.
#include "sensor/app/service/family_builder.h"
#include "sensor/app/service/sensor_figures.h"
#include "sensor/decode/outcome.h"
#include "sensor/extract/counters.h"

namespace telltale::app {
namespace {

using prometheus_http::Family;
using prometheus_http::Labels;

std::string or_unknown(const std::string& text) { return text.empty() ? "unknown" : text; }

void add_flow_families(const SensorFigures& figures, FamilyBuilder& family) {
    const track::TrackCounters& track = figures.live.total.track;
    family.counter("flows_closed", "Flows closed, by reason.");
    family.value(track.flows_closed_idle, {{"reason", "idle"}}).value(track.flows_closed_over, {{"reason", "over"}});
    family.value(track.flows_closed_reopened, {{"reason", "reopened"}});
    family.value(track.flows_closed_evicted, {{"reason", "evicted"}});
    family.value(track.flows_closed_end, {{"reason", "end"}});
    family.counter("flow_evictions", "Flows that were closed early, by reason.");
    family.value(track.flows_closed_evicted, {{"reason", "table_full"}});
    family.counter("flow_bytes", "IP bytes of all flows.").value(track.bytes);
    family.counter("flow_packets", "Packets with IP of all flows.").value(track.packets);
    family.counter("untracked_bytes", "IP bytes not counted in a flow because the table was full.")
        .value(track.untracked_bytes);
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
    family.counter("owner_bytes", "IP bytes between devices and owners; other: owners without a metric of their own.");
    for (const OwnerBytes& owner : fleet.owners) two_ways(owner.bytes, {{"owner", owner.owner}});
    two_ways(fleet.other, {{"owner", "other"}});
    family.counter("owner_bytes_taken_back",
                   "Bytes in owner_bytes that were counted as unattributed first and for an owner later.");
    two_ways(fleet.taken_back, {});
    family.gauge("owners_in_other", "Owners without a metric of their own.").value(fleet.owners_in_other);
    family.gauge("owners_cut", "Owners without a metric of their own because of the limit, despite enough bytes.")
        .value(fleet.owners_cut);
}

void add_fleet_families(const FleetSums& fleet, FamilyBuilder& family) {
    family.gauge("devices", "Devices seen, by maker and class.");
    for (const auto& [what, count] : fleet.devices) {
        family.value(count, {{"maker", or_unknown(what.first)}, {"class", or_unknown(what.second)}});
    }
    family.counter("devices_uncounted", "Events about devices beyond the limit, not in telltale_devices.");
    family.value(fleet.devices_beyond);
    family.counter("alerts", "Alerts opened, by policy and severity.");
    for (const auto& [what, count] : fleet.alerts) {
        family.value(count, {{"policy", what.first}, {"severity", std::string(to_string(what.second))}});
    }
    family.counter("alerts_uncounted", "Alerts of policies beyond the limit of telltale_alerts_total.");
    family.value(fleet.policies_beyond);
}

// Adds counters from a list with name and help; gauges keep their name.
struct CounterList {
    FamilyBuilder& family;
    std::string prefix;

    void operator()(std::string_view name, bool is_gauge, std::string_view help, std::uint64_t value) {
        const std::string whole = prefix + std::string(name);
        const std::string sentence = std::string(help) + ".";
        (is_gauge ? family.gauge(whole, sentence) : family.counter(whole, sentence)).value(value);
    }
};

// Adds up the messages of all workers, in the order of for_each_counter.
void add_message_families(const std::vector<extract::ExtractCounters>& workers, FamilyBuilder& family) {
    struct Message {
        std::string protocol, outcome;
        std::uint64_t count = 0;
    };
    std::vector<Message> messages;
    std::uint64_t unknown = 0;
    for (const extract::ExtractCounters& worker : workers) {
        std::size_t at = 0;
        for_each_counter(worker, [&](std::string_view protocol, std::string_view name, std::string_view reason,
                                     std::string_view, std::uint64_t value) {
            if (protocol.empty()) {
                unknown += value;
                return;
            }
            if (at == messages.size()) {
                std::string outcome(name);
                if (!reason.empty()) outcome += "_" + std::string(reason);
                messages.push_back({std::string(protocol), std::move(outcome)});
            }
            messages[at++].count += value;
        });
    }
    family.counter("messages", "Messages of devices, by protocol and outcome.");
    for (const Message& message : messages) {
        family.value(message.count, {{"protocol", message.protocol}, {"outcome", message.outcome}});
    }
    family.counter("streams_unknown", "Directions of TCP streams whose first bytes no protocol recognised.")
        .value(unknown);
}

}  // namespace

void add_traffic_families(const SensorFigures& figures, std::vector<Family>& families) {
    FamilyBuilder family(families);
    const pipeline::PipelineTotals& total = figures.live.total;
    family.counter("packets_malformed", "Malformed frames among the analysed ones, by reason.");
    for (std::size_t i = 0; i < decode::kDecodeOutcomeCount; ++i) {
        const auto outcome = static_cast<decode::DecodeOutcome>(i);
        if (!decode::malformed(outcome)) continue;
        family.value(total.decode.outcomes[i], {{"reason", std::string(to_string(outcome))}});
    }
    add_message_families(total.extract, family);
    add_flow_families(figures, family);
    family.counter("ledger_bytes", "IP bytes of flows reported to correlation.").value(figures.correlated.bytes);
    add_owner_families(figures.fleet, family);
    add_fleet_families(figures.fleet, family);
    for_each_counter(total.track, CounterList{family, "track_"});
    for_each_counter(total.streams, CounterList{family, "streams_"});
    for_each_counter(total.defragment, CounterList{family, "defragment_"});
    CounterList correlate{family, "correlate_"};
    figures.correlated.for_each([&](std::string_view name, std::string_view help, std::uint64_t value) {
        correlate(name, false, help, value);
    });
}

}  // namespace telltale::app
