// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/saved_state.h"

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
    archive("id", device.id);
    archive("identifiers", device.identifiers);
    archive("addresses", device.addresses);
    archive("macs", device.macs);
    archive("host_name", device.host_name);
    archive("host_names", device.host_names);
    archive("keyed_by_address", device.keyed_by_address);
    archive("evidence", device.evidence);
    archive("first_seen_ns", device.first_seen_ns);
    archive("last_seen_ns", device.last_seen_ns);
    archive("announced", device.announced);
    archive("known_maker", device.known.maker);
    archive("known_os", device.known.os);
    archive("known_class", device.known.device_class);
    archive("known_model", device.known_model);
}

template <typename Archive>
void fields(Archive& archive, SavedMac& mac) {
    archive("segment", mac.segment);
    archive("mac", mac.mac);
    archive("device", mac.device);
    archive("router", mac.router);
    archive("unbound", mac.unbound);
}

template <typename Archive>
void fields(Archive& archive, SavedAddress& address) {
    archive("segment", address.segment);
    archive("address", address.address);
    archive("device", address.device);
    archive("bound_mac", address.bound_mac);
}

template <typename Archive>
void fields(Archive& archive, SavedPrefix& prefix) {
    archive("segment", prefix.segment);
    archive("address", prefix.address);
}

template <typename Archive>
void fields(Archive& archive, SavedName& name) {
    archive("device", name.device);
    archive("address", name.address);
    archive("name", name.name);
    archive("signature", name.signature);
    archive("expires_ns", name.expires_ns);
}

template <typename Archive>
void fields(Archive& archive, SavedFlow& flow) {
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
void fields(Archive& archive, SavedContact& contact) {
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
void fields(Archive& archive, SavedAlert& alert) {
    archive("device", alert.device);
    archive("alert", alert.alert);
    archive("flow", alert.flow);
    archive("told_count", alert.told_count);
    archive("told_ns", alert.told_ns);
}

}  // namespace telltale::correlate
