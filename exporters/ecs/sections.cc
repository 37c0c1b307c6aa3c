// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/sections.h"

#include <string>

#include "exporters/ecs/notation.h"

namespace telltale::ecs {
namespace {

using model::DestinationView;
using model::DeviceView;
using model::Event;
using model::FlowView;
using model::IpAddress;
using model::MacAddress;
using model::Transfer;

void write_source(JsonObject& root, const Event& event) {
    JsonObject section(root, "source"_key);
    if (event.flow) {
        section.ip("ip"_key, event.flow->source);
        if (event.flow->source_port != 0) section.number("port"_key, event.flow->source_port);
        section.mac("mac"_key, event.flow->source_mac);
    }
    if (event.transfer) {
        section.delta("bytes"_key, event.transfer->bytes_up);
        section.delta("packets"_key, event.transfer->packets_up);
    }
}

void write_destination(JsonObject& root, const Event& event) {
    JsonObject section(root, "destination"_key);
    if (event.destination) {
        const DestinationView& to = *event.destination;
        section.ip("ip"_key, to.address);
        if (to.port != 0) section.number("port"_key, to.port);
        section.text("domain"_key, to.domain);
        section.text("registered_domain"_key, to.registered_domain);
        if (to.hosting) {
            {
                JsonObject system(section, "as"_key);
                if (to.hosting->as_number != 0) system.number("number"_key, to.hosting->as_number);
                JsonObject organization(system, "organization"_key);
                organization.text("name"_key, to.hosting->as_organization);
            }
            JsonObject geo(section, "geo"_key);
            geo.text("country_iso_code"_key, to.hosting->country);
        }
    }
    if (event.transfer) {
        section.delta("bytes"_key, event.transfer->bytes_down);
        section.delta("packets"_key, event.transfer->packets_down);
    }
}

void write_flow(JsonObject& root, const FlowView& flow) {
    JsonObject client_of(root, "tls"_key);
    JsonObject client(client_of, "client"_key);
    client.text("server_name"_key, flow.server_name);
    client.text("ja3"_key, flow.ja3);
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& letter : result) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return result;
}

}  // namespace

void write_device(JsonObject& root, const Event& event) {
    if (!event.device) return;
    const DeviceView& device = *event.device;
    {
        JsonObject host(root, "host"_key);
        host.text("id"_key, device.id);
        host.text("name"_key, device.host_name);
        host.list("ip"_key, device.addresses,
                  [](EventWriter& writer, const IpAddress& address) { writer.ip(address); });
        host.list("mac"_key, device.macs, [](EventWriter& writer, const MacAddress& address) { writer.mac(address); });
        host.text("type"_key, device.device_class);
        JsonObject os(host, "os"_key);
        os.text("family"_key, device.os);
        os.text("type"_key, os_type(device.os));
        os.text("version"_key, device.os_version);
    }
    JsonObject section(root, "device"_key);
    section.text("id"_key, device.id);
    section.text("manufacturer"_key, device.maker_name);
    JsonObject model_of(section, "model"_key);
    model_of.text("name"_key, device.model);
}

void write_network(JsonObject& root, const Event& event) {
    write_source(root, event);
    write_destination(root, event);
    {
        JsonObject network(root, "network"_key);
        if (event.flow) {
            const FlowView& flow = *event.flow;
            if (flow.source.specified()) network.text("type"_key, flow.source.is_v4() ? "ipv4" : "ipv6");
            network.text("transport"_key, transport(flow.protocol));
            if (flow.protocol != 0) network.text("iana_number"_key, std::to_string(flow.protocol));
            network.text("protocol"_key, lower(flow.application));
            network.text("community_id"_key, flow.community_id);
        }
        if (event.destination) network.text("direction"_key, direction(event.destination->owner_id));
        if (event.transfer) {
            network.delta("bytes"_key, event.transfer->bytes_up + event.transfer->bytes_down);
            network.delta("packets"_key, event.transfer->packets_up + event.transfer->packets_down);
        }
    }
    if (event.flow) write_flow(root, *event.flow);
}

void write_rule(JsonObject& root, const Event& event) {
    if (event.leak) {
        {
            JsonObject rule(root, "rule"_key);
            rule.text("id"_key, event.leak->rule_id);
            rule.text("name"_key, event.leak->rule_name);
        }
        JsonObject url(root, "url"_key);
        url.text("domain"_key, event.leak->domain);
        url.text("path"_key, event.leak->path);
    }
    if (!event.alert) return;
    JsonObject rule(root, "rule"_key);
    rule.text("id"_key, event.alert->policy_id);
    rule.text("name"_key, event.alert->policy_name);
    rule.text("description"_key, event.alert->description, kMaxMessageCharacters);
}

}  // namespace telltale::ecs
