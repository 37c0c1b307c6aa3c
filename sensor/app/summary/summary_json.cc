// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "exporters/json/json_writer.h"
#include "sensor/app/summary/summary_state.h"

namespace telltale::app {
namespace {

using json::JsonWriter;
using json::operator""_key;
using State = Summary::State;

constexpr std::string_view kSchema = "1";

void text_unless_empty(JsonWriter& json, const json::Key& key, std::string_view value) {
    if (!value.empty()) json.string(key, value);
}

void write_traffic(JsonWriter& json, const Traffic& traffic) {
    json.signed_number("bytes_up"_key, traffic.up);
    json.signed_number("bytes_down"_key, traffic.down);
}

template <typename Items, typename Text>
void write_list(JsonWriter& json, const json::Key& key, const Items& items, Text&& text) {
    json.begin(key, '[');
    for (const auto& item : items) json.string(text(item));
    json.end(']');
}

void write_run(JsonWriter& json, const SessionFigures& figures) {
    const auto same = [](const std::string& text) -> const std::string& { return text; };
    json.begin("run"_key, '{');
    write_list(json, "inputs"_key, figures.inputs, same);
    json.number("frames"_key, figures.frames);
    json.number("packets"_key, figures.packets);
    json.number("flows"_key, figures.flows);
    json.number("bytes"_key, figures.bytes);
    json.number("malformed"_key, figures.malformed);
    json.number("snapped"_key, figures.snapped);
    json.number("records_dropped"_key, figures.records_dropped);
    json.signed_number("first_ns"_key, figures.first_ns);
    json.signed_number("last_ns"_key, figures.last_ns);
    write_list(json, "warnings"_key, figures.warnings, same);
    json.end('}');
}

void write_alerts(JsonWriter& json, const State& state) {
    json.begin("alerts"_key, '[');
    for (const AlertRow* row : sorted(state.alerts)) {
        const model::Alert& alert = row->alert;
        json.begin('{');
        json.string("id"_key, alert.id);
        json.string("policy"_key, alert.policy_id);
        text_unless_empty(json, "name"_key, alert.policy_name);
        json.string("severity"_key, to_string(alert.severity));
        json.number("risk_score"_key, alert.risk_score);
        text_unless_empty(json, "reason"_key, alert.reason);
        json.string("state"_key, to_string(alert.state));
        json.number("count"_key, alert.count);
        text_unless_empty(json, "device"_key, row->device_id);
        json.signed_number("first_seen_ns"_key, alert.first_seen_ns);
        json.signed_number("last_seen_ns"_key, alert.last_seen_ns);
        json.end('}');
    }
    json.end(']');
}

void write_device(JsonWriter& json, std::string_view id, const DeviceRow& row) {
    const model::DeviceView& device = *row.device;
    json.begin('{');
    json.string("id"_key, id);
    text_unless_empty(json, "name"_key, device.host_name);
    text_unless_empty(json, "maker"_key, device.maker_name);
    text_unless_empty(json, "maker_id"_key, device.maker_id);
    json.real("confidence"_key, device.confidence);
    text_unless_empty(json, "model"_key, device.model);
    text_unless_empty(json, "os"_key, device.os);
    text_unless_empty(json, "os_version"_key, device.os_version);
    text_unless_empty(json, "class"_key, device.device_class);
    write_list(json, "ip"_key, device.addresses, [](const model::IpAddress& ip) { return model::to_string(ip); });
    write_list(json, "mac"_key, device.macs, [](const model::MacAddress& mac) { return model::to_string(mac); });
    json.boolean("mac_randomized"_key, device.mac_randomized);
    write_traffic(json, row.traffic);
    json.begin("owners"_key, '[');
    for (const auto& [owner_id, traffic] : sorted(row.owners)) {
        json.begin('{');
        json.string("id"_key, owner_id);
        write_traffic(json, *traffic);
        json.end('}');
    }
    json.end(']');
    json.begin("evidence"_key, '[');
    for (const model::Evidence& evidence : device.evidence) {
        json.begin('{');
        json.string("source"_key, evidence.source);
        json.string("value"_key, evidence.value);
        json.real("weight"_key, evidence.weight);
        text_unless_empty(json, "signature"_key, evidence.signature_id);
        json.end('}');
    }
    json.end(']');
    json.end('}');
}

void write_owner(JsonWriter& json, std::string_view id, const OwnerRow& row) {
    const auto same = [](std::string_view text) { return text; };
    json.begin('{');
    json.string("id"_key, id);
    text_unless_empty(json, "name"_key, row.name);
    text_unless_empty(json, "country"_key, row.country);
    write_traffic(json, row.traffic);
    std::vector<std::string_view> devices;
    for (const DeviceRow* device : row.devices) devices.push_back(device->device->id);
    std::sort(devices.begin(), devices.end());
    write_list(json, "devices"_key, devices, same);
    write_list(json, "hosting_countries"_key, row.hosting_countries, same);
    json.begin("categories"_key, '[');
    for (const auto& [category, traffic] : sorted(row.categories)) {
        json.begin('{');
        json.string("id"_key, category);
        write_traffic(json, *traffic);
        json.end('}');
    }
    json.end(']');
    write_list(json, "names"_key, sorted(row.names), same);
    json.end('}');
}

void write_unattributed(JsonWriter& json, const State& state) {
    json.begin("unattributed"_key, '{');
    write_traffic(json, state.owner_traffic(model::kOwnerUnattributed));
    json.begin("causes"_key, '{');
    for (const auto cause : base::enumerators<model::UnattributedCause>()) {
        if (cause == model::UnattributedCause::none) continue;
        json.named(to_string(cause));
        json.signed_number(state.causes[cause]);
    }
    json.end('}');
    const OwnerRow* row = state.owner(model::kOwnerUnattributed);
    write_list(json, "names"_key, row == nullptr ? std::vector<std::string_view>{} : sorted(row->names),
               [](std::string_view name) { return name; });
    json.end('}');
}

}  // namespace

std::string Summary::json(const SessionFigures& figures) const {
    const State& state = *state_;
    JsonWriter json;
    json.begin('{');
    json.string("schema"_key, kSchema);
    write_run(json, figures);
    json.begin("totals"_key, '{');
    write_traffic(json, state.total);
    json.number("devices"_key, state.devices.size());
    json.number("alerts"_key, state.alerts.size());
    json.number("not_listed"_key, state.not_listed);
    json.end('}');
    write_alerts(json, state);
    json.begin("devices"_key, '[');
    for (const auto& [id, row] : sorted(state.devices)) write_device(json, id, *row);
    json.end(']');
    json.begin("owners"_key, '[');
    for (const auto& [id, row] : sorted(state.owners)) {
        if (!model::is_reserved_owner(id)) write_owner(json, id, *row);
    }
    json.end(']');
    json.begin("reserved"_key, '{');
    for (const auto reserved : base::enumerators<model::ReservedOwner>()) {
        if (reserved == model::ReservedOwner::unattributed) continue;  // has an object of its own
        const std::string_view id = to_string(reserved);
        json.named(id);
        json.begin('{');
        write_traffic(json, state.owner_traffic(id));
        json.end('}');
    }
    json.end('}');
    write_unattributed(json, state);
    json.end('}');
    return std::string(json.str());
}

}  // namespace telltale::app
