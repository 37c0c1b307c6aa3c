// SPDX-License-Identifier: Apache-2.0
// Reads from records what they say of the device that sends them.
#include <string>
#include <utility>

#include "sensor/correlate/what/bounded_text.h"
#include "sensor/correlate/what/identification.h"
#include "sensor/model/dns_answer.h"

namespace telltale::correlate {

using model::Field;
using signatures::PatternSet;

namespace {

constexpr float kPushServiceWeight = 0.95F;

std::string parameters_text(base::Bytes codes) {
    std::string text;
    for (std::uint8_t code : codes) text += (text.empty() ? "" : ",") + std::to_string(code);
    return text;
}

}  // namespace

void Identification::fingerprints(Profile& profile, const Seen&, const model::RecordView& record, const Moment& at) {
    matched_.for_each(record.header(), [&](signatures::SignatureId, const signatures::Signature& signature) {
        EvidenceItem item;
        switch (signature.set) {
            case PatternSet::host_name: return true;
            case PatternSet::user_agent:
                item.source = EvidenceSource::user_agent;
                item.value = record.text(Field::user_agent);
                break;
            case PatternSet::dhcp_vendor_class:
                item.source = EvidenceSource::dhcp_vendor_class;
                item.value = record.text(Field::dhcp_vendor_class);
                break;
            case PatternSet::dhcp_fingerprint:
                item.source = EvidenceSource::dhcp_fingerprint;
                item.value = parameters_text(record.field(Field::dhcp_parameters));
                break;
            case PatternSet::dhcp_host_name:
                item.source = EvidenceSource::dhcp_host_name;
                item.value = record.text(Field::dhcp_host_name);
                break;
        }
        item.signature_id = signature.id;
        item.claim = claims_.fill(signature, item.value);
        item.seen_ns = at.time_ns;
        add_evidence(profile, std::move(item), at);
        return true;
    });
}

void Identification::dhcp(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at) {
    take_host_name(profile, record.text(Field::dhcp_host_name), at);
    fingerprints(profile, seen, record, at);
}

// A device that says that a name has the address it sends from says its own name (RFC 6762 section 8.3).
void Identification::mdns(Profile& profile, const Seen&, const model::RecordView& record, const Moment& at) {
    constexpr std::string_view kLocal = ".local";
    if (record.number(Field::dns_response) == 0) return;
    record.for_each([&](Field field, base::Bytes value) {
        if (field != Field::dns_answer) return;
        model::DnsAnswer answer;
        if (!model::read(value, answer)) return;
        if (answer.address != record.header().source() || !answer.name.ends_with(kLocal)) return;
        take_host_name(profile, answer.name.substr(0, answer.name.size() - kLocal.size()), at);
    });
}

// To its neighbour on the wire.
void Identification::announcement(Profile& profile, const Seen&, const model::RecordView& record, const Moment& at) {
    take_host_name(profile, record.text(Field::system_name), at);
}

// A phone states its model to Xiaomi's push service.
void Identification::push_service(Profile& profile, const Seen& seen, const model::RecordView& record,
                                  const Moment& at) {
    const std::string_view model = record.text(Field::model_name);
    if (!seen.upward || model.empty()) return;
    EvidenceItem item{EvidenceSource::push_service, bounded(model), {}, {}, at.time_ns};
    item.claim.maker = "xiaomi";
    item.claim.model = item.value;
    item.claim.os = "android";
    item.claim.weight = kPushServiceWeight;
    add_evidence(profile, std::move(item), at);
}

}  // namespace telltale::correlate
