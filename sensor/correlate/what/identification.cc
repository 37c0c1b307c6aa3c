// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/identification.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sensor/correlate/what/bounded_text.h"
#include "sensor/model/readable.h"

namespace telltale::correlate {
namespace {

constexpr std::size_t kMaxHostNames = 8;  // that a device is remembered to have used

}  // namespace

Identification::Identification(Config config, const signatures::Bundle& bundle, const signatures::OuiRegistry* registry,
                               Matched& matched, DeviceReports& reports, Watch& watch)
    : config_(config),
      bundle_(bundle),
      registry_(registry),
      registrants_(bundle),
      matched_(matched),
      reports_(reports),
      watch_(watch),
      changed_(config.keep_rows) {}

void Identification::on_mac(Profile& profile, const model::MacAddress& mac, const Moment& at) {
    if (registry_ == nullptr || mac.local()) return;
    const std::string_view organisation = registry_->organisation(mac);
    if (organisation.empty()) return;
    // An organisation that speaks for no maker is evidence all the same: a person may make something of it.
    EvidenceItem item{EvidenceSource::mac_prefix, std::string(organisation), {}, {}, at.time_ns};
    // A network has few kinds of devices, and the registry's texts stay where they are.
    const auto [known, fresh] = maker_by_organisation_.try_emplace(organisation.data(), 0);
    if (fresh) known->second = registrants_.maker_of(organisation);
    const std::int32_t index = known->second;
    if (index >= 0) {
        const signatures::Maker& maker = bundle_.makers[static_cast<std::size_t>(index)];
        item.claim.maker = maker.id;
        item.claim.weight = maker.registrant_weight;
    }
    add_evidence(profile, std::move(item), at);
}

void Identification::on_router(Profile& profile, const Moment& at) {
    constexpr std::string_view kText = signatures::kFindingText.forwarding;
    for (const signatures::Signature& signature : bundle_.signatures) {
        if (signature.set != signatures::PatternSet::forwarding || !claims_.matches(signature, kText)) continue;
        EvidenceItem item = evidence_of(signature, kText, at);
        item.signature_id.clear();  // the finding is the sensor's own
        add_evidence(profile, std::move(item), at);
    }
}

void Identification::on_destination(Profile& profile, const signatures::Signature& signature, std::string_view name,
                                    const Moment& at) {
    add_evidence(profile, evidence_of(signature, name, at), at);
}

EvidenceItem Identification::evidence_of(const signatures::Signature& signature, std::string_view text,
                                         const Moment& at) {
    return {signatures::source_of(signature.set), std::string(text), signature.id, claims_.fill(signature, text),
            at.time_ns};
}

void Identification::take_host_name(Profile& profile, std::string_view name, const Moment& at) {
    if (name.empty()) return;
    const std::string text = bounded(name);
    auto& known = profile.host_names;
    // A name that it used before and uses again is a repeat, which a worker may or may not have suppressed.
    if (known.size() >= kMaxHostNames || std::find(known.begin(), known.end(), text) != known.end()) return;
    known.push_back(text);
    profile.host_name = text;
    profile.changed();
    reports_.note(profile, at.sequence, [&] { return "name " + model::readable(text); });
}

void Identification::add_evidence(Profile& profile, EvidenceItem item, const Moment& at) {
    if (!profile.evidence.add(std::move(item), config_.max_evidence_per_device, counters_)) return;
    const KnownIdentity before = known_identity(profile.identity, config_.identified_confidence);
    profile.identity = profile.evidence.identity();
    profile.changed();
    note(profile);
    reports_.note(profile, at.sequence);
    const KnownIdentity now = known_identity(profile.identity, config_.identified_confidence);
    if (now != before) watch_.review(profile, before, now, at);
}

void Identification::restore(Profile& profile, const std::vector<EvidenceItem>& evidence) {
    for (EvidenceItem item : evidence) {
        if (item.signature_id.empty()) item.signature_id = signature_of(item);
        profile.evidence.add(std::move(item), config_.max_evidence_per_device, counters_);
    }
    profile.identity = profile.evidence.identity();
}

std::string Identification::signature_of(const EvidenceItem& item) {
    const auto set = base::from_word<signatures::PatternSet>(to_string(item.source));
    if (!set || set == signatures::PatternSet::forwarding) return {};  // nothing that a signature speaks for
    for (const signatures::Signature& signature : bundle_.signatures) {
        if (signature.set == set && claims_.matches(signature, item.value)) return signature.id;
    }
    return {};
}

}  // namespace telltale::correlate
