// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/event_parts.h"

#include <algorithm>
#include <cassert>

#include "sensor/correlate/who/keyed_id.h"
#include "sensor/model/readable.h"
#include "sensor/model/sentence.h"

namespace telltale::correlate {
namespace {

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
    return kClearOf[application] == Clear::yes ? "in clear" : "over a transport that was not read";
}

}  // namespace

std::string EventParts::maker_name(const std::string& maker_id) const {
    const auto found = std::find_if(bundle_.makers.begin(), bundle_.makers.end(),
                                    [&](const signatures::Maker& maker) { return maker.id == maker_id; });
    return found == bundle_.makers.end() ? maker_id : found->name;
}

model::SharedPart<model::DeviceView> EventParts::device(const Profile& profile) const {
    if (profile.device == kNoDevice) return {};
    if (!profile.view) profile.view = device_now(profile);
    assert(*profile.view == device_now(profile));  // somebody changed it and did not say so
    return profile.view;
}

model::DeviceView EventParts::device_now(const Profile& profile) const {
    model::DeviceView out;
    out.id = profile.id;
    out.number = profile.device;
    out.addresses = profile.addresses;
    out.macs = profile.macs;
    out.host_name = profile.host_name;
    const Identity& identity = profile.identity;
    out.maker_id = identity.maker.value;
    out.maker_name = maker_name(identity.maker.value);
    out.model = identity.model;
    out.os = identity.os.value;
    out.os_version = identity.os_version;
    out.device_class = identity.device_class.value;
    out.confidence = identity.maker.confidence;
    out.identity_confidence =
        identity.maker.value.empty()
            ? std::max({identity.maker.confidence, identity.os.confidence, identity.device_class.confidence})
            : identity.maker.confidence;
    out.mac_randomized = !profile.macs.empty() && profile.macs.front().local();
    for (const EvidenceItem& item : profile.evidence.items()) {
        const double weight = static_cast<double>(item.claim.weight);
        out.evidence.push_back(
            {std::string(to_string(item.source)), item.value, weight, item.signature_id, item.seen_ns});
    }
    out.first_seen_ns = profile.first_seen_ns;
    return out;
}

model::SharedPart<model::DestinationView> EventParts::owner(OwnerIndex owner, signatures::Category category) {
    model::SharedPart<model::DestinationView>& known = owners_[{owner, category}];
    if (!known) known = owner_now(owner, category);
    return known;
}

model::DestinationView EventParts::owner_now(OwnerIndex owner, signatures::Category category) const {
    model::DestinationView out;
    out.owner_id = owner_id(bundle_, owner);
    out.owner_name = owner_name(bundle_, owner);
    out.owner_country = owner_country(bundle_, owner);
    out.category = signatures::to_string(category);
    return out;
}

model::DestinationView EventParts::destination(const FlowState& flow) const {
    const Attribution& attribution = flow.attribution;
    model::DestinationView out = owner_now(attribution.owner, attribution.category);
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

model::FlowView EventParts::flow(const FlowState& flow) const {
    model::FlowView out;
    out.source = flow.near();
    out.source_port = flow.near_port();
    out.source_mac = flow.device_mac;
    out.protocol = flow.key.protocol;
    const Clear clear = kClearOf[flow.application];
    if (clear != Clear::unknown) out.application = to_string(flow.application);
    out.community_id = community_id(flow.key);
    out.server_name = names_.text(flow.server_name);
    out.ja3 = names_.text(flow.ja3);
    out.ja4 = names_.text(flow.ja4);
    out.ech = flow.names.ech;
    return out;
}

DestinationFacts EventParts::facts(const FlowState& flow) const {
    const Attribution& attribution = flow.attribution;
    DestinationFacts facts;
    facts.owner = owner_id(bundle_, attribution.owner);
    facts.country = owner_country(bundle_, attribution.owner);
    if (attribution.attributed()) facts.category = signatures::to_string(attribution.category);
    facts.domain = names_.text(attribution.name);
    facts.clear = kClearOf[flow.application];
    return facts;
}

std::string EventParts::alert_reason(const Profile& profile, const FlowState& flow) const {
    const model::SharedPart<model::DeviceView> ours = this->device(profile);
    std::string out = ours ? model::label_of(*ours) : "a host that is not ours";
    if (ours && !ours->maker_id.empty()) {
        out += " (" + model::readable(ours->maker_id) + ", confidence " + model::readable(ours->confidence) + ")";
    }
    out += " sent to " + model::label_of(destination(flow));
    if (flow.attribution.attributed()) {
        out += ", category " + std::string(signatures::to_string(flow.attribution.category));
    }
    return out + ", " + std::string(spoken_transport(flow.application));
}

}  // namespace telltale::correlate
