// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/event_size.h"

namespace telltale::exporters {
namespace {

template <typename... Texts>
std::size_t text_bytes(const Texts&... texts) {
    return (std::size_t{0} + ... + texts.size());
}

template <typename Item>
std::size_t list_bytes(const std::vector<Item>& items) {
    return items.size() * sizeof(Item);
}

std::size_t text_list_bytes(const std::vector<std::string>& texts) {
    std::size_t bytes = list_bytes(texts);
    for (const std::string& text : texts) bytes += text.size();
    return bytes;
}

std::size_t owned_bytes(const model::DeviceView& device) {
    std::size_t bytes = text_bytes(device.id, device.host_name, device.maker_id, device.maker_name, device.model,
                                   device.os, device.os_version, device.device_class);
    bytes += list_bytes(device.addresses) + list_bytes(device.macs) + list_bytes(device.evidence);
    for (const model::Evidence& evidence : device.evidence) {
        bytes += text_bytes(evidence.value, evidence.signature_id);
    }
    return bytes;
}

std::size_t owned_bytes(const model::DestinationView& to) {
    return text_bytes(to.domain, to.registered_domain, to.owner_id, to.owner_name, to.owner_country, to.signature_id,
                      to.category) +
           (to.hosting ? text_bytes(to.hosting->as_organization, to.hosting->country) : 0);
}

std::size_t owned_bytes(const model::FlowView& flow) {
    return text_bytes(flow.application, flow.community_id, flow.server_name, flow.ja3, flow.ja4);
}

std::size_t owned_bytes(const model::Transfer& transfer) {
    return text_list_bytes(transfer.domains) + text_list_bytes(transfer.protocols) + list_bytes(transfer.unattributed);
}

std::size_t owned_bytes(const model::Alert& alert) {
    return text_bytes(alert.id, alert.policy_id, alert.policy_name, alert.description, alert.reason);
}

std::size_t owned_bytes(const model::Health& health) {
    std::size_t bytes = list_bytes(health.figures);
    for (const auto& [name, value] : health.figures) bytes += name.size();
    return bytes;
}

std::size_t owned_bytes(const model::ConfigChange& change) {
    return change.error.size() + text_list_bytes(change.applied) + text_list_bytes(change.needs_restart);
}

// A part that events share is counted with each of them: it may be the last one that keeps it.
template <typename Part>
std::size_t part_bytes(const model::SharedPart<Part>& part) {
    return part ? sizeof(Part) + owned_bytes(*part) : 0;
}

}  // namespace

std::size_t approximate_bytes(const model::Event& event) {
    return sizeof event + event.message.size() + part_bytes(event.device) + part_bytes(event.destination) +
           part_bytes(event.flow) + part_bytes(event.transfer) + part_bytes(event.alert) + part_bytes(event.health) +
           part_bytes(event.config_change);
}

}  // namespace telltale::exporters
