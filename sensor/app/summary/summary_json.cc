// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "exporters/json/json_writer.h"
#include "sensor/app/summary/summary_state.h"

namespace telltale::app {
namespace {

using json::JsonWriter;
using State = Summary::State;

constexpr std::string_view kSchema = "1";

void text_unless_empty(JsonWriter& json, std::string_view key, std::string_view value) {
    if (!value.empty()) json.string(key, value);
}

void write_traffic(JsonWriter& json, const Traffic& traffic) {
    json.signed_number("bytes_up", traffic.up);
    json.signed_number("bytes_down", traffic.down);
}

template <typename Items, typename Text>
void write_list(JsonWriter& json, std::string_view key, const Items& items, Text&& text) {
    json.begin(key, '[');
    for (const auto& item : items) json.string(text(item));
    json.end(']');
}

void write_run(JsonWriter& json, const SessionFigures& figures) {
    const auto same = [](const std::string& text) -> const std::string& { return text; };
    json.begin("run", '{');
    write_list(json, "inputs", figures.inputs, same);
    json.number("frames", figures.frames);
    json.number("packets", figures.packets);
    json.number("flows", figures.flows);
    json.number("bytes", figures.bytes);
    json.number("malformed", figures.malformed);
    json.number("snapped", figures.snapped);
    json.number("records_dropped", figures.records_dropped);
    json.signed_number("first_ns", figures.first_ns);
    json.signed_number("last_ns", figures.last_ns);
    write_list(json, "warnings", figures.warnings, same);
    json.end('}');
}

void write_alerts(JsonWriter& json, const State& state) {
    json.begin("alerts", '[');
    for (const AlertRow* row : sorted(state.alerts)) {
        const model::Alert& alert = row->alert;
        json.begin('{');
        json.string("id", alert.id);
        json.string("policy", alert.policy_id);
        text_unless_empty(json, "name", alert.policy_name);
        json.string("severity", to_string(alert.severity));
        json.number("risk_score", alert.risk_score);
        text_unless_empty(json, "reason", alert.reason);
        json.string("state", to_string(alert.state));
        json.number("count", alert.count);
        text_unless_empty(json, "device", row->device_id);
        json.signed_number("first_seen_ns", alert.first_seen_ns);
        json.signed_number("last_seen_ns", alert.last_seen_ns);
        json.end('}');
    }
    json.end(']');
}

void write_device(JsonWriter& json, std::string_view id, const DeviceRow& row) {
    const model::DeviceView& device = *row.device;
    json.begin('{');
    json.string("id", id);
    text_unless_empty(json, "name", device.host_name);
    text_unless_empty(json, "maker", device.maker_name);
    text_unless_empty(json, "maker_id", device.maker_id);
    json.real("confidence", device.confidence);
    text_unless_empty(json, "model", device.model);
    text_unless_empty(json, "os", device.os);
    text_unless_empty(json, "os_version", device.os_version);
    text_unless_empty(json, "class", device.device_class);
    write_list(json, "ip", device.addresses, [](const model::IpAddress& ip) { return model::to_string(ip); });
    write_list(json, "mac", device.macs, [](const model::MacAddress& mac) { return model::to_string(mac); });
    json.boolean("mac_randomized", device.mac_randomized);
    write_traffic(json, row.traffic);
    json.begin("owners", '[');
    for (const auto& [owner_id, traffic] : sorted(row.owners)) {
        json.begin('{');
        json.string("id", owner_id);
        write_traffic(json, *traffic);
        json.end('}');
    }
    json.end(']');
    json.begin("evidence", '[');
    for (const model::Evidence& evidence : device.evidence) {
        json.begin('{');
        json.string("source", evidence.source);
        json.string("value", evidence.value);
        json.real("weight", evidence.weight);
        text_unless_empty(json, "signature", evidence.signature_id);
        json.end('}');
    }
    json.end(']');
    json.end('}');
}

void write_owner(JsonWriter& json, std::string_view id, const OwnerRow& row) {
    const auto same = [](std::string_view text) { return text; };
    json.begin('{');
    json.string("id", id);
    text_unless_empty(json, "name", row.name);
    text_unless_empty(json, "country", row.country);
    write_traffic(json, row.traffic);
    std::vector<std::string_view> devices;
    for (const DeviceRow* device : row.devices) devices.push_back(device->device->id);
    std::sort(devices.begin(), devices.end());
    write_list(json, "devices", devices, same);
    write_list(json, "hosting_countries", row.hosting_countries, same);
    json.begin("categories", '[');
    for (const auto& [category, traffic] : sorted(row.categories)) {
        json.begin('{');
        json.string("id", category);
        write_traffic(json, *traffic);
        json.end('}');
    }
    json.end(']');
    write_list(json, "names", sorted(row.names), same);
    json.end('}');
}

void write_unattributed(JsonWriter& json, const State& state) {
    json.begin("unattributed", '{');
    write_traffic(json, state.owner_traffic(model::kOwnerUnattributed));
    json.begin("causes", '{');
    for (const auto cause : base::enumerators<model::UnattributedCause>()) {
        if (cause != model::UnattributedCause::none) json.signed_number(to_string(cause), state.causes[cause]);
    }
    json.end('}');
    const OwnerRow* row = state.owner(model::kOwnerUnattributed);
    write_list(json, "names", row == nullptr ? std::vector<std::string_view>{} : sorted(row->names),
               [](std::string_view name) { return name; });
    json.end('}');
}

}  // namespace

std::string Summary::json(const SessionFigures& figures) const {
    const State& state = *state_;
    JsonWriter json;
    json.begin('{');
    json.string("schema", kSchema);
    write_run(json, figures);
    json.begin("totals", '{');
    write_traffic(json, state.total);
    json.number("devices", state.devices.size());
    json.number("alerts", state.alerts.size());
    json.number("not_listed", state.not_listed);
    json.end('}');
    write_alerts(json, state);
    json.begin("devices", '[');
    for (const auto& [id, row] : sorted(state.devices)) write_device(json, id, *row);
    json.end(']');
    json.begin("owners", '[');
    for (const auto& [id, row] : sorted(state.owners)) {
        if (!model::is_reserved_owner(id)) write_owner(json, id, *row);
    }
    json.end(']');
    json.begin("reserved", '{');
    for (const auto reserved : base::enumerators<model::ReservedOwner>()) {
        if (reserved == model::ReservedOwner::unattributed) continue;  // has an object of its own
        const std::string_view id = to_string(reserved);
        json.begin(id, '{');
        write_traffic(json, state.owner_traffic(id));
        json.end('}');
    }
    json.end('}');
    write_unattributed(json, state);
    json.end('}');
    return std::string(json.str());
}

}  // namespace telltale::app
