// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/sections.h"

#include <algorithm>
#include <string>
#include <vector>

#include "exporters/ecs/notation.h"

namespace telltale::ecs {
namespace {

using model::DestinationView;
using model::DeviceView;
using model::Event;
using model::FlowView;
using model::IpAddress;
using model::Transfer;

void write_text_item(JsonOutput& output, std::string_view text) { output.text(text, kMaxTextCharacters); }

void write_text(JsonObject& parent, std::string_view name, std::string_view value) {
    parent.text(name, value, kMaxTextCharacters);
}

void write_ip(JsonObject& parent, std::string_view name, const IpAddress& address) {
    if (address.specified()) write_text(parent, name, model::to_string(address));
}

// Deltas can take back what was reported before (Transfer::late): then they are negative.
void write_delta(JsonObject& parent, std::string_view name, std::uint64_t value) {
    parent.signed_number(name, static_cast<std::int64_t>(value));
}

void write_source(JsonObject& root, const Event& event) {
    JsonObject section(root, "source");
    if (event.flow) {
        write_ip(section, "ip", event.flow->source);
        if (event.flow->source_port != 0) section.number("port", event.flow->source_port);
        if (event.flow->source_mac.known()) write_text(section, "mac", mac(event.flow->source_mac));
    }
    if (event.transfer) {
        write_delta(section, "bytes", event.transfer->bytes_up);
        write_delta(section, "packets", event.transfer->packets_up);
    }
}

void write_destination(JsonObject& root, const Event& event) {
    JsonObject section(root, "destination");
    if (event.destination) {
        const DestinationView& to = *event.destination;
        write_ip(section, "ip", to.address);
        if (to.port != 0) section.number("port", to.port);
        write_text(section, "domain", to.domain);
        write_text(section, "registered_domain", to.registered_domain);
        if (to.hosting) {
            {
                JsonObject system(section, "as");
                if (to.hosting->as_number != 0) system.number("number", to.hosting->as_number);
                JsonObject organization(system, "organization");
                write_text(organization, "name", to.hosting->as_organization);
            }
            JsonObject geo(section, "geo");
            write_text(geo, "country_iso_code", to.hosting->country);
        }
    }
    if (event.transfer) {
        write_delta(section, "bytes", event.transfer->bytes_down);
        write_delta(section, "packets", event.transfer->packets_down);
    }
}

void write_flow(JsonObject& root, const FlowView& flow) {
    JsonObject client_of(root, "tls");
    JsonObject client(client_of, "client");
    write_text(client, "server_name", flow.server_name);
    write_text(client, "ja3", flow.ja3);
}

bool is_ascii_lower(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

std::string lower(std::string_view text) {
    std::string result(text);
    if (is_ascii_lower(text)) return result;
    for (char& letter : result) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return result;
}

template <typename Item>
void add_once(std::vector<Item>& items, const Item& item) {
    if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
}

}  // namespace

void write_device(JsonObject& root, const Event& event) {
    if (!event.device) return;
    const DeviceView& device = *event.device;
    {
        JsonObject host(root, "host");
        write_text(host, "id", device.id);
        write_text(host, "name", device.host_name);
        host.list("ip", device.addresses,
                  [](JsonOutput& output, const IpAddress& ip) { write_text_item(output, model::to_string(ip)); });
        host.list("mac", device.macs,
                  [](JsonOutput& output, const model::MacAddress& address) { write_text_item(output, mac(address)); });
        write_text(host, "type", device.device_class);
        JsonObject os(host, "os");
        write_text(os, "family", device.os);
        write_text(os, "type", os_type(device.os));
        write_text(os, "version", device.os_version);
    }
    JsonObject section(root, "device");
    write_text(section, "id", device.id);
    write_text(section, "manufacturer", device.maker_name);
    JsonObject model_of(section, "model");
    write_text(model_of, "name", device.model);
}

void write_network(JsonObject& root, const Event& event) {
    write_source(root, event);
    write_destination(root, event);
    {
        JsonObject network(root, "network");
        if (event.flow) {
            const FlowView& flow = *event.flow;
            if (flow.source.specified()) write_text(network, "type", flow.source.is_v4() ? "ipv4" : "ipv6");
            write_text(network, "transport", transport(flow.protocol));
            if (flow.protocol != 0) write_text(network, "iana_number", std::to_string(flow.protocol));
            write_text(network, "protocol", lower(flow.application));
            write_text(network, "community_id", flow.community_id);
        }
        if (event.destination) write_text(network, "direction", direction(event.destination->owner_id));
        if (event.transfer) {
            write_delta(network, "bytes", event.transfer->bytes_up + event.transfer->bytes_down);
            write_delta(network, "packets", event.transfer->packets_up + event.transfer->packets_down);
        }
    }
    if (event.flow) write_flow(root, *event.flow);
}

void write_rule(JsonObject& root, const Event& event) {
    if (!event.alert) return;
    JsonObject rule(root, "rule");
    write_text(rule, "id", event.alert->policy_id);
    write_text(rule, "name", event.alert->policy_name);
    rule.text("description", event.alert->description, kMaxMessageCharacters);
}

void write_related(JsonObject& root, const Event& event) {
    std::vector<IpAddress> addresses;
    std::vector<std::string_view> hosts;
    std::vector<std::string_view> hashes;
    const auto add_ip = [&](const IpAddress& ip) {
        if (ip.specified()) add_once(addresses, ip);
    };
    const auto add_text = [](std::vector<std::string_view>& to, const std::string& text) {
        if (!text.empty()) add_once(to, std::string_view(text));
    };
    if (event.device) {
        for (const IpAddress& ip : event.device->addresses) add_ip(ip);
        add_text(hosts, event.device->host_name);
    }
    if (event.flow) {
        add_ip(event.flow->source);
        add_text(hosts, event.flow->server_name);
        add_text(hashes, event.flow->ja3);
        add_text(hashes, event.flow->ja4);
    }
    if (event.destination) {
        add_ip(event.destination->address);
        add_text(hosts, event.destination->domain);
    }
    if (event.transfer) {
        for (const std::string& domain : event.transfer->domains) add_text(hosts, domain);
    }
    JsonObject related(root, "related");
    related.list("ip", addresses,
                 [](JsonOutput& output, const IpAddress& ip) { write_text_item(output, model::to_string(ip)); });
    related.list("hosts", hosts, write_text_item);
    related.list("hash", hashes, write_text_item);
}

}  // namespace telltale::ecs
