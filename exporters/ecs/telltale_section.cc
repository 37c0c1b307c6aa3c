// SPDX-License-Identifier: Apache-2.0
// What Elastic Common Schema has no field for: telltale.*
#include <string>

#include "exporters/ecs/notation.h"
#include "exporters/ecs/sections.h"

namespace telltale::ecs {
namespace {

using model::Event;

void write_text(JsonObject& parent, std::string_view name, std::string_view value) {
    parent.text(name, value, kMaxTextCharacters);
}

void write_time(JsonObject& parent, std::string_view name, std::int64_t time_ns) {
    if (time_ns != 0) write_text(parent, name, timestamp(time_ns));
}

void write_signature(JsonObject& parent, std::string_view id) {
    JsonObject signature(parent, "signature");
    write_text(signature, "id", id);
}

void write_evidence(JsonOutput& output, const model::Evidence& evidence) {
    JsonObject item(output);
    write_text(item, "source", evidence.source);
    write_text(item, "value", evidence.value);
    item.real("weight", evidence.weight);
    write_signature(item, evidence.signature_id);
    write_time(item, "seen", evidence.seen_ns);
}

void write_device_part(JsonObject& parent, const Event& event) {
    if (!event.device) return;
    const model::DeviceView& device = *event.device;
    JsonObject part(parent, "device");
    write_text(part, "class", device.device_class);
    write_text(part, "maker_id", device.maker_id);
    part.real("confidence", device.confidence);
    {
        JsonObject mac_part(part, "mac");
        mac_part.boolean("randomized", device.mac_randomized);
    }
    write_time(part, "first_seen", device.first_seen_ns);
    write_time(part, "last_seen", event.device_last_seen_ns);
    if (event.dataset() == model::Dataset::device) part.list("evidence", device.evidence, write_evidence);
}

void write_owner(JsonObject& parent, const Event& event) {
    if (!event.destination) return;
    const model::DestinationView& to = *event.destination;
    {
        JsonObject owner(parent, "owner");
        write_text(owner, "id", to.owner_id);
        write_text(owner, "name", to.owner_name);
        write_text(owner, "country", to.owner_country);
        write_text(owner, "method", model::to_string(to.method));
        if (to.cause != model::UnattributedCause::none) write_text(owner, "cause", model::to_string(to.cause));
        owner.real("confidence", to.confidence);
        write_signature(owner, to.signature_id);
    }
    {
        JsonObject destination(parent, "destination");
        write_text(destination, "category", to.category);
    }
    if (!to.hosting) return;
    JsonObject hosting(parent, "hosting");
    write_text(hosting, "country", to.hosting->country);
    write_text(hosting, "network", to.hosting->as_organization);
    if (to.hosting->as_number != 0) hosting.number("as_number", to.hosting->as_number);
}

void write_tls(JsonObject& parent, const Event& event) {
    if (!event.flow) return;
    JsonObject tls(parent, "tls");
    write_text(tls, "ja4", event.flow->ja4);
    if (event.flow->ech) tls.boolean("ech", true);
}

void write_transfer(JsonObject& parent, const Event& event) {
    if (!event.transfer) return;
    const model::Transfer& transfer = *event.transfer;
    const auto text_item = [](JsonOutput& output, const std::string& text) { output.text(text, kMaxTextCharacters); };
    JsonObject part(parent, "transfer");
    part.signed_number("flows", static_cast<std::int64_t>(transfer.flows));
    part.list("domains", transfer.domains, text_item);
    part.list("protocols", transfer.protocols, text_item);
    part.signed_number("cleartext_bytes", static_cast<std::int64_t>(transfer.cleartext_bytes));
    part.signed_number("ech_flows", static_cast<std::int64_t>(transfer.ech_flows));
    part.list("unattributed", transfer.unattributed, [](JsonOutput& output, const model::Transfer::Unattributed& why) {
        JsonObject item(output);
        write_text(item, "cause", model::to_string(why.cause));
        item.signed_number("bytes", static_cast<std::int64_t>(why.bytes));
        item.signed_number("flows", static_cast<std::int64_t>(why.flows));
    });
    part.boolean("late", transfer.late);
    part.boolean("final", transfer.final);
}

void write_alert(JsonObject& parent, const Event& event) {
    if (!event.alert) return;
    const model::Alert& alert = *event.alert;
    JsonObject part(parent, "alert");
    write_text(part, "id", alert.id);
    write_text(part, "state", model::to_string(alert.state));
    part.number("count", alert.count);
    part.number("suppressed", alert.suppressed);
    write_time(part, "first_seen", alert.first_seen_ns);
    write_time(part, "last_seen", alert.last_seen_ns);
}

void write_health(JsonObject& parent, const Event& event) {
    if (!event.health) return;
    JsonObject part(parent, "health");
    for (const auto& [name, value] : event.health->figures) part.number(name, value);
}

void write_config(JsonObject& parent, const Event& event) {
    if (!event.config_change) return;
    const auto key = [](JsonOutput& output, const std::string& text) { output.text(text, kMaxTextCharacters); };
    JsonObject part(parent, "config");
    part.list("applied", event.config_change->applied, key);
    part.list("needs_restart", event.config_change->needs_restart, key);
}

}  // namespace

void write_telltale(JsonObject& root, const Event& event, const ObserverInfo& observer) {
    JsonObject section(root, "telltale");
    write_text(section, "schema", kSchemaVersion);
    {
        JsonObject sensor(section, "sensor");
        write_text(sensor, "id", observer.sensor_id);
        write_text(sensor, "boot_id", observer.boot_id);
    }
    {
        JsonObject signatures(section, "signatures");
        write_text(signatures, "version", observer.signatures_version);
        signatures.number("generation", event.generation);
    }
    write_device_part(section, event);
    write_owner(section, event);
    write_tls(section, event);
    write_transfer(section, event);
    write_alert(section, event);
    write_health(section, event);
    write_config(section, event);
}

}  // namespace telltale::ecs
