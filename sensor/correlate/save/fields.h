// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/save/saved.h"

namespace telltale::correlate {

// The fields of each line of a saved state, once for both directions. `Archive` is called with a name and a value that
// it writes, or sets.

template <typename Archive, typename Text>
void fields_of_evidence(Archive& archive, Text& source, EvidenceItem& item) {
    archive("source", source);
    archive("value", item.value);
    archive("signature", item.signature_id);
    archive("maker", item.claim.maker);
    archive("model", item.claim.model);
    archive("os", item.claim.os);
    archive("os_version", item.claim.os_version);
    archive("class", item.claim.device_class);
    archive("weight", item.claim.weight);
    archive("seen_ns", item.seen_ns);
}

template <typename Archive>
void fields(Archive& archive, SavedDevice& device) {
    archive("id", device.who.id);
    archive("identifiers", device.who.identifiers);
    archive("addresses", device.who.addresses);
    archive("macs", device.who.macs);
    archive("host_name", device.what.host_name);
    archive("host_names", device.what.host_names);
    archive("keyed_by_address", device.who.keyed_by_address);
    archive("evidence", device.what.evidence);
    archive("first_seen_ns", device.who.first_seen_ns);
    archive("last_seen_ns", device.what.last_seen_ns);
    archive("announced", device.what.announced);
    archive("known_maker", device.what.known.maker);
    archive("known_os", device.what.known.os);
    archive("known_class", device.what.known.device_class);
    archive("known_model", device.what.known_model);
}

template <typename Archive>
void fields(Archive& archive, KeptMac& mac) {
    archive("segment", mac.segment);
    archive("mac", mac.mac);
    archive("device", mac.device);
    archive("router", mac.router);
    archive("unbound", mac.unbound);
}

template <typename Archive>
void fields(Archive& archive, KeptAddress& address) {
    archive("segment", address.segment);
    archive("address", address.address);
    archive("device", address.device);
    archive("bound_mac", address.bound_mac);
}

template <typename Archive>
void fields(Archive& archive, KeptPrefix& prefix) {
    archive("segment", prefix.segment);
    archive("address", prefix.address);
}

template <typename Archive>
void fields(Archive& archive, KeptName& name) {
    archive("device", name.device);
    archive("address", name.address);
    archive("name", name.name);
    archive("signature", name.signature);
    archive("expires_ns", name.expires_ns);
}

template <typename Archive>
void fields(Archive& archive, KeptFlow& flow) {
    archive("segment", flow.key.segment);
    archive("a", flow.key.a);
    archive("b", flow.key.b);
    archive("port_a", flow.key.port_a);
    archive("port_b", flow.key.port_b);
    archive("protocol", flow.key.protocol);
    archive("fragment", flow.key.fragment);
    archive("up_is_a_to_b", flow.up_is_a_to_b);
    archive("device_mac", flow.device_mac);
    archive("start_ns", flow.start_ns);
    archive("application", flow.application);
    archive("owner", flow.owner);
    archive("category", flow.category);
    archive("method", flow.method);
    archive("cause", flow.cause);
    archive("signature", flow.signature);
    archive("name", flow.name);
    archive("confidence", flow.confidence);
    archive("server_name", flow.server_name);
    archive("ja3", flow.ja3);
    archive("ja4", flow.ja4);
    archive("ech", flow.ech);
}

template <typename Archive>
void fields(Archive& archive, KeptContact& contact) {
    archive("device", contact.device);
    archive("flows", contact.flows);
    archive("flow", contact.flow);
}

template <typename Archive>
void fields(Archive& archive, model::Alert& alert) {
    archive("id", alert.id);
    archive("policy", alert.policy_id);
    archive("policy_name", alert.policy_name);
    archive("description", alert.description);
    archive("reason", alert.reason);
    archive("severity", alert.severity);
    archive("risk_score", alert.risk_score);
    archive("count", alert.count);
    archive("suppressed", alert.suppressed);
    archive("first_seen_ns", alert.first_seen_ns);
    archive("last_seen_ns", alert.last_seen_ns);
}

template <typename Archive>
void fields(Archive& archive, KeptAlert& alert) {
    archive("device", alert.device);
    archive("alert", alert.alert);
    archive("flow", alert.flow);
    archive("told_count", alert.told_count);
    archive("told_ns", alert.told_ns);
}

}  // namespace telltale::correlate
