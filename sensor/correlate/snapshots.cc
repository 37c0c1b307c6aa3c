// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/snapshots.h"

#include <algorithm>
#include <cassert>

#include "sensor/correlate/keyed_id.h"
#include "sensor/correlate/readable.h"

namespace telltale::correlate {
namespace {

std::string_view spoken(model::UnattributedCause cause) {
    switch (cause) {
        case model::UnattributedCause::none: return "none";
        case model::UnattributedCause::no_name: return "no name";
        case model::UnattributedCause::unknown_name: return "unknown name";
        case model::UnattributedCause::hidden_name: return "hidden name";
        case model::UnattributedCause::cut_name: return "the capture is cut before the name";
        case model::UnattributedCause::encrypted_dns: return "no name, the device uses encrypted DNS";
    }
    return "none";
}

std::string_view spoken(model::AttributionMethod method) {
    switch (method) {
        case model::AttributionMethod::none: return "nothing";
        case model::AttributionMethod::tls_server_name: return "TLS server name";
        case model::AttributionMethod::http_host: return "HTTP Host";
        case model::AttributionMethod::dns_answer: return "its own DNS answer";
        case model::AttributionMethod::reserved: return "its addresses";
        case model::AttributionMethod::tls_certificate: return "its certificate";
    }
    return "nothing";
}

std::string_view spoken_transport(Application application) {
    switch (application) {
        case Application::tls: return "over TLS";
        case Application::quic: return "over QUIC";
        case Application::dtls: return "over DTLS";
        case Application::openvpn: return "over OpenVPN";
        case Application::http: return "in clear HTTP";
        case Application::dns: return "in clear DNS";
        default: break;
    }
    return clear_of(application) == Clear::yes ? "in clear" : "over a transport that was not read";
}

}  // namespace

std::string Snapshots::maker_name(const std::string& maker_id) const {
    const auto found = std::find_if(bundle_.makers.begin(), bundle_.makers.end(),
                                    [&](const signatures::Maker& maker) { return maker.id == maker_id; });
    return found == bundle_.makers.end() ? maker_id : found->name;
}

model::SharedPart<model::DeviceSnapshot> Snapshots::device(const Device& device) const {
    if (device.index == kNoDevice) return {};
    if (!device.snapshot) device.snapshot = device_now(device);
    assert(*device.snapshot == device_now(device));  // somebody changed it and did not say so
    return device.snapshot;
}

model::DeviceSnapshot Snapshots::device_now(const Device& device) const {
    model::DeviceSnapshot out;
    out.id = device.id;
    out.addresses = device.addresses;
    out.macs = device.macs;
    out.host_name = device.host_name;
    const Identity& identity = device.identity;
    out.maker_id = identity.maker.value;
    out.maker_name = maker_name(identity.maker.value);
    out.model = identity.model;
    out.os = identity.os.value;
    out.os_version = identity.os_version;
    out.device_class = identity.device_class.value;
    out.confidence = identity.maker.confidence;
    out.mac_randomized = !device.macs.empty() && device.macs.front().local();
    for (const EvidenceItem& item : device.evidence.items()) {
        const double weight = static_cast<double>(item.claim.weight);
        out.evidence.push_back(
            {std::string(to_string(item.source)), item.value, weight, item.signature_id, item.seen_ns});
    }
    out.first_seen_ns = device.first_seen_ns;
    return out;
}

model::SharedPart<model::DestinationSnapshot> Snapshots::owner(OwnerIndex owner, signatures::Category category) {
    model::SharedPart<model::DestinationSnapshot>& known = owners_[{owner, category}];
    if (!known) known = owner_now(owner, category);
    return known;
}

model::DestinationSnapshot Snapshots::owner_now(OwnerIndex owner, signatures::Category category) const {
    model::DestinationSnapshot out;
    out.owner_id = owner_id(bundle_, owner);
    out.owner_name = owner_name(bundle_, owner);
    out.owner_country = owner_country(bundle_, owner);
    out.category = signatures::to_string(category);
    return out;
}

model::DestinationSnapshot Snapshots::destination(const FlowState& flow) const {
    const Attribution& attribution = flow.attribution;
    model::DestinationSnapshot out = owner_now(attribution.owner, attribution.category);
    out.address = flow.far();
    out.port = flow.far_port();
    out.domain = names_.text(attribution.name);
    out.registered_domain = names_.registered_domain(attribution.name);
    out.method = attribution.method;
    out.cause = attribution.cause;
    out.confidence = attribution.confidence;
    if (attribution.signature < bundle_.signatures.size()) {
        out.signature_id = bundle_.signatures[attribution.signature].id;
    }
    return out;
}

model::FlowSnapshot Snapshots::flow(const FlowState& flow) const {
    model::FlowSnapshot out;
    out.source = flow.near();
    out.source_port = flow.near_port();
    out.source_mac = flow.device_mac;
    out.protocol = flow.key.protocol;
    const Clear clear = clear_of(flow.application);
    if (clear != Clear::unknown) out.application = to_string(flow.application);
    out.community_id = community_id(flow.key);
    out.server_name = names_.text(flow.server_name);
    out.ja3 = names_.text(flow.ja3);
    out.ja4 = names_.text(flow.ja4);
    out.ech = flow.names.ech;
    return out;
}

DestinationFacts Snapshots::facts(const FlowState& flow) const {
    const Attribution& attribution = flow.attribution;
    DestinationFacts facts;
    facts.owner = owner_id(bundle_, attribution.owner);
    facts.country = owner_country(bundle_, attribution.owner);
    if (attribution.attributed()) facts.category = signatures::to_string(attribution.category);
    facts.domain = names_.text(attribution.name);
    facts.clear = clear_of(flow.application);
    return facts;
}

std::string Snapshots::label(const Device& device) const {
    if (device.index == kNoDevice) return "a host that is not ours";
    if (!device.host_name.empty()) return readable(device.host_name);
    // The newest IPv4 address says most to a person.
    const auto v4 = std::find_if(device.addresses.rbegin(), device.addresses.rend(),
                                 [](const model::IpAddress& address) { return address.is_v4(); });
    std::string where;
    if (v4 != device.addresses.rend()) {
        where = model::to_string(*v4);
    } else if (!device.addresses.empty()) {
        where = model::to_string(device.addresses.back());
    } else if (!device.macs.empty()) {
        where = model::to_string(device.macs.front());
    }
    if (!device.identity.model.empty()) return readable(device.identity.model) + " " + where;
    return where;
}

std::string Snapshots::identity(const Device& device) const {
    const Identity& identity = device.identity;
    std::string out;
    auto add = [&out](const std::string& text) {
        if (text.empty()) return;
        if (!out.empty()) out += ", ";
        out += readable(text);
    };
    add(maker_name(identity.maker.value));
    add(identity.model);
    add(identity.os_version.empty() ? identity.os.value : identity.os.value + " " + identity.os_version);
    add(identity.device_class.value);
    const double best = std::max({identity.maker.confidence, identity.os.confidence, identity.device_class.confidence});
    if (!out.empty()) add("confidence " + readable(identity.maker.value.empty() ? best : identity.maker.confidence));
    return out;
}

std::string Snapshots::label(const FlowState& flow) const {
    const Attribution& attribution = flow.attribution;
    std::string out =
        attribution.name != kNoName ? readable(names_.text(attribution.name)) : model::to_string(flow.far());
    if (!attribution.attributed()) {
        return out + " (owner not known: " + std::string(spoken(attribution.cause)) + ")";
    }
    out += " (" + readable(owner_name(bundle_, attribution.owner));
    const std::string_view country = owner_country(bundle_, attribution.owner);
    if (!country.empty()) out += ", " + readable(country);
    return out + ")";
}

std::string Snapshots::first_seen_sentence(const Device& device) const {
    const std::string known = identity(device);
    std::string out = "New device " + label(device);
    if (!device.macs.empty() && device.macs.front().local()) out += " with a private MAC address";
    return known.empty() ? out : out + " (" + known + ")";
}

std::string Snapshots::identified_sentence(const Device& device) const {
    return label(device) + " is identified: " + identity(device);
}

std::string Snapshots::contact_sentence(const Device& device, const FlowState& flow) const {
    std::string out = label(device) + " contacts " + label(flow);
    if (!flow.attribution.attributed()) return out;
    return out + ", category " + std::string(signatures::to_string(flow.attribution.category)) + ", known by " +
           std::string(spoken(flow.attribution.method));
}

std::string Snapshots::transfer_sentence(const Device& device, OwnerIndex owner, signatures::Category category,
                                         const model::Transfer& transfer) const {
    const auto figure = [](std::uint64_t value) { return std::to_string(static_cast<std::int64_t>(value)); };
    std::string out =
        label(device) + " sent " + figure(transfer.bytes_up) + " bytes to " + readable(owner_name(bundle_, owner));
    if (owner >= 0) out += " (" + std::string(signatures::to_string(category)) + ")";
    out += " and got " + figure(transfer.bytes_down);
    return transfer.late ? out + " (corrects what was reported as unattributed)" : out;
}

std::string Snapshots::alert_reason(const Device& device, const FlowState& flow) const {
    std::string out = label(device);
    if (!device.identity.maker.value.empty()) {
        out += " (" + readable(device.identity.maker.value) + ", confidence " +
               readable(device.identity.maker.confidence) + ")";
    }
    out += " sent to " + label(flow);
    if (flow.attribution.attributed()) {
        out += ", category " + std::string(signatures::to_string(flow.attribution.category));
    }
    return out + ", " + std::string(spoken_transport(flow.application));
}

}  // namespace telltale::correlate
