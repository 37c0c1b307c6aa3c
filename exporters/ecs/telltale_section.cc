// SPDX-License-Identifier: Apache-2.0
// What Elastic Common Schema has no field for: telltale.*
#include <string>

#include "exporters/ecs/notation.h"
#include "exporters/ecs/sections.h"

namespace telltale::ecs {
namespace {

using model::Event;

void write_signature(JsonObject& parent, std::string_view id) {
    JsonObject signature(parent, "signature"_key);
    signature.text("id"_key, id);
}

void write_evidence(EventWriter& writer, const model::Evidence& evidence) {
    JsonObject item(writer);
    item.text("source"_key, evidence.source);
    item.text("value"_key, evidence.value);
    item.share("weight"_key, evidence.weight);
    write_signature(item, evidence.signature_id);
    item.known_time("seen"_key, evidence.seen_ns);
}

void write_device_part(JsonObject& parent, const Event& event) {
    if (!event.device) return;
    const model::DeviceView& device = *event.device;
    JsonObject part(parent, "device"_key);
    part.text("class"_key, device.device_class);
    part.text("maker_id"_key, device.maker_id);
    part.share("confidence"_key, device.confidence);
    {
        JsonObject mac_part(part, "mac"_key);
        mac_part.boolean("randomized"_key, device.mac_randomized);
    }
    part.known_time("first_seen"_key, device.first_seen_ns);
    part.known_time("last_seen"_key, event.device_last_seen_ns);
    if (event.dataset() == model::Dataset::device) part.list("evidence"_key, device.evidence, write_evidence);
}

void write_owner(JsonObject& parent, const Event& event) {
    if (!event.destination) return;
    const model::DestinationView& to = *event.destination;
    {
        JsonObject owner(parent, "owner"_key);
        owner.text("id"_key, to.owner_id);
        owner.text("name"_key, to.owner_name);
        owner.text("country"_key, to.owner_country);
        owner.text("method"_key, model::to_string(to.method));
        if (to.cause != model::UnattributedCause::none) owner.text("cause"_key, model::to_string(to.cause));
        owner.share("confidence"_key, to.confidence);
        write_signature(owner, to.signature_id);
    }
    {
        JsonObject destination(parent, "destination"_key);
        destination.text("category"_key, to.category);
    }
    if (!to.hosting) return;
    JsonObject hosting(parent, "hosting"_key);
    hosting.text("country"_key, to.hosting->country);
    hosting.text("network"_key, to.hosting->as_organization);
    if (to.hosting->as_number != 0) hosting.number("as_number"_key, to.hosting->as_number);
}

void write_tls(JsonObject& parent, const Event& event) {
    if (!event.flow) return;
    JsonObject tls(parent, "tls"_key);
    tls.text("ja4"_key, event.flow->ja4);
    if (event.flow->ech) tls.boolean("ech"_key, true);
}

void write_transfer(JsonObject& parent, const Event& event) {
    if (!event.transfer) return;
    const model::Transfer& transfer = *event.transfer;
    JsonObject part(parent, "transfer"_key);
    part.delta("flows"_key, transfer.flows);
    part.texts("domains"_key, transfer.domains);
    part.texts("protocols"_key, transfer.protocols);
    part.delta("cleartext_bytes"_key, transfer.cleartext_bytes);
    part.delta("ech_flows"_key, transfer.ech_flows);
    part.list("unattributed"_key, transfer.unattributed,
              [](EventWriter& writer, const model::Transfer::Unattributed& why) {
                  JsonObject item(writer);
                  item.text("cause"_key, model::to_string(why.cause));
                  item.delta("bytes"_key, why.bytes);
                  item.delta("flows"_key, why.flows);
              });
    part.boolean("late"_key, transfer.late);
    part.boolean("final"_key, transfer.final);
}

void write_alert(JsonObject& parent, const Event& event) {
    if (!event.alert) return;
    const model::Alert& alert = *event.alert;
    JsonObject part(parent, "alert"_key);
    part.text("id"_key, alert.id);
    part.text("state"_key, model::to_string(alert.state));
    part.number("count"_key, alert.count);
    part.number("suppressed"_key, alert.suppressed);
    part.known_time("first_seen"_key, alert.first_seen_ns);
    part.known_time("last_seen"_key, alert.last_seen_ns);
}

void write_leak(JsonObject& parent, const Event& event) {
    if (!event.leak) return;
    const model::Leak& leak = *event.leak;
    JsonObject part(parent, "leak"_key);
    {
        JsonObject identifier(part, "identifier"_key);
        identifier.text("type"_key, model::to_string(leak.type));
        identifier.text("hash"_key, leak.hash);
        identifier.text("masked"_key, leak.masked);
    }
    part.text("location"_key, model::to_string(leak.location));
    part.text("parameter"_key, leak.parameter);
    part.number("count"_key, leak.count);
}

void write_health(JsonObject& parent, const Event& event) {
    if (!event.health) return;
    JsonObject part(parent, "health"_key);
    for (const auto& [name, value] : event.health->figures) {
        part.writer().named(name);
        part.writer().number(value);
    }
}

void write_config(JsonObject& parent, const Event& event) {
    if (!event.config_change) return;
    JsonObject part(parent, "config"_key);
    part.texts("applied"_key, event.config_change->applied);
    part.texts("needs_restart"_key, event.config_change->needs_restart);
}

}  // namespace

void write_telltale(JsonObject& root, const Event& event, Opening opening) {
    JsonObject section(root, opening);
    section.writer().append_digits(event.generation);
    section.writer().append("},");
    write_device_part(section, event);
    write_owner(section, event);
    write_tls(section, event);
    write_transfer(section, event);
    write_alert(section, event);
    write_leak(section, event);
    write_health(section, event);
    write_config(section, event);
}

}  // namespace telltale::ecs
