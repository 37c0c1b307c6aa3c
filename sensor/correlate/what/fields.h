// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/what/kept.h"

namespace telltale::correlate {

// The fields of each row, once for both directions. `Archive` is called with a name and a value that it writes, or
// sets.

template <typename Archive>
void fields(Archive& archive, EvidenceItem& item) {
    archive.word("source", item.source);
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
void fields_of_report(Archive& archive, KeptProfile& profile) {
    archive("host_name", profile.host_name);
    archive("host_names", profile.host_names);
    archive("last_seen_ns", profile.last_seen_ns);
    archive("announced", profile.announced);
    archive("known_maker", profile.known.maker);
    archive("known_os", profile.known.os);
    archive("known_class", profile.known.device_class);
    archive("known_model", profile.known_model);
}

template <typename Archive>
void fields(Archive& archive, ReportRow& row) {
    archive.device("device", row.device);
    fields_of_report(archive, row.profile);
}

template <typename Archive>
void fields(Archive& archive, EvidenceRow& row) {
    archive.device("device", row.device);
    archive("evidence", row.evidence);
}

template <typename Archive>
void fields(Archive& archive, KeptName& name) {
    archive.device("device", name.device);
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
    archive.device("device", contact.device);
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
    archive.device("device", alert.device);
    archive("alert", alert.alert);
    archive("flow", alert.flow);
    archive("told_count", alert.told_count);
    archive("told_ns", alert.told_ns);
}

}  // namespace telltale::correlate
