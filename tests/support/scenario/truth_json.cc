// SPDX-License-Identifier: Apache-2.0
#include <rapidjson/ostreamwrapper.h>
#include <rapidjson/prettywriter.h>

#include "tests/support/scenario/truth.h"

namespace telltale::support {
namespace {

using Writer = rapidjson::PrettyWriter<rapidjson::OStreamWrapper>;

void text(Writer& json, const char* key, std::string_view value) {
    json.Key(key);
    json.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void number(Writer& json, const char* key, std::uint64_t value) {
    json.Key(key);
    json.Uint64(value);
}

void write_destination(Writer& json, const Truth::Destination& row) {
    json.StartObject();
    text(json, "owner", row.owner);
    text(json, "name", row.name);
    text(json, "category", row.category);
    text(json, "named_by", row.named_by);
    json.Key("addresses");
    json.StartArray();
    for (const std::string& address : row.addresses) json.String(address.c_str());
    json.EndArray();
    number(json, "bytes_up", row.bytes_up);
    number(json, "bytes_down", row.bytes_down);
    number(json, "packets_up", row.packets_up);
    number(json, "packets_down", row.packets_down);
    json.EndObject();
}

void write_device(Writer& json, const Truth& truth, std::size_t index) {
    const Truth::Device& device = truth.devices()[index];
    json.StartObject();
    text(json, "mac", device.mac.text());
    json.Key("mac_randomized");
    json.Bool(device.mac.locally_administered());
    json.Key("addresses");
    json.StartArray();
    for (const Ip& ip : device.addresses) json.String(ip.text().c_str());
    json.EndArray();
    text(json, "maker", device.maker);
    text(json, "model", device.model);
    text(json, "os", device.os);
    text(json, "class", device.device_class);
    text(json, "host_name", device.host_name);
    json.Key("destinations");
    json.StartArray();
    for (const Truth::Destination& row : truth.destinations())
        if (row.device == index && row.packets_up + row.packets_down > 0) write_destination(json, row);
    json.EndArray();
    json.EndObject();
}

void write_alerts(Writer& json, const Truth& truth) {
    json.StartArray();
    for (const Truth::Leak& leak : truth.leaks()) {
        json.StartObject();
        text(json, "kind", "leak");
        text(json, "device", truth.devices()[leak.device].mac.text());
        text(json, "identifier", leak.identifier);
        text(json, "parameter", leak.parameter);
        text(json, "text", leak.text);
        text(json, "host", leak.host);
        number(json, "count", leak.count);
        json.EndObject();
    }
    for (const Truth::Destination& row : truth.destinations()) {
        const Truth::Device& device = truth.devices()[row.device];
        if (row.category != "telemetry" || row.owner != device.maker || row.packets_up == 0) continue;
        json.StartObject();
        text(json, "kind", "maker_telemetry");
        text(json, "device", device.mac.text());
        text(json, "owner", row.owner);
        text(json, "host", row.name);
        json.EndObject();
    }
    json.EndArray();
}

}  // namespace

void Truth::write_json(std::ostream& out, std::string_view scenario, std::uint64_t seed) const {
    rapidjson::OStreamWrapper stream(out);
    Writer json(stream);
    json.SetIndent(' ', 1);
    std::uint64_t ip_bytes = 0;
    for (const Destination& row : rows_) ip_bytes += row.bytes_up + row.bytes_down;
    json.StartObject();
    text(json, "scenario", scenario);
    number(json, "seed", seed);
    number(json, "first_ns", first_ns_);
    number(json, "last_ns", last_ns_);
    number(json, "frames", frames_);
    number(json, "frames_not_ip", frames_not_ip_);
    number(json, "ip_bytes", ip_bytes);
    json.Key("expected");
    json.StartObject();
    for (const auto& [what, count] : expected_) number(json, what.c_str(), count);
    json.EndObject();
    json.Key("devices");
    json.StartArray();
    for (std::size_t i = 0; i < devices_.size(); ++i) write_device(json, *this, i);
    json.EndArray();
    json.Key("alerts");
    write_alerts(json, *this);
    json.EndObject();
    out << '\n';
}

}  // namespace telltale::support
