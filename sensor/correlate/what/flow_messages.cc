// SPDX-License-Identifier: Apache-2.0
// Reads from records what they say of their flow.
#include "sensor/base/packet_clock.h"
#include "sensor/correlate/what/destinations.h"
#include "sensor/model/dns_answer.h"
#include "signatures/said_rows.h"

namespace telltale::correlate {

using model::Field;

void Destinations::unnamed(FlowState& flow, const Seen&, const model::RecordView& record, const Moment& at) {
    flow.names.cut = flow.names.cut || record.header().truncated;
    decide(flow, at);
}

void Destinations::nothing_more(FlowState& flow, const Seen&, const model::RecordView&, const Moment& at) {
    decide(flow, at);
}

// A message that may name its service; an address in the name's place is what the message says of it, too. A stream
// that says nothing may still start TLS.
void Destinations::message(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at) {
    const bool named = take_service_name(flow, seen, record);
    if (named || flow.key.protocol == model::kProtocolUdp) decide(flow, at);
}

void Destinations::client_hello(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at) {
    const model::RecordHeader& header = record.header();
    // A stranger's hello to one of our hosts names our host, not the stranger.
    if (!seen.upward) return decide(flow, at);
    flow.server_name = names_.intern_host(record.text(Field::tls_server_name));
    flow.names.tls = {flow.server_name, matched_.host_name(header)};
    flow.names.ech = record.number(Field::tls_ech) != 0;
    flow.names.cut = flow.names.cut || (header.truncated && flow.server_name == kNoName);
    if (const Application hidden = encrypted_dns_.of(record); hidden != Application::other) {
        flow.application = hidden;
        if (flow.device != kNoDevice) profiles_[flow.device].encrypted_dns = true;
    }
    flow.ja3 = names_.intern(record.text(Field::tls_ja3));
    flow.ja4 = names_.intern(record.text(Field::tls_ja4));
    // Without a name the server's certificate may have one.
    const bool may_be_named = header.kind == model::RecordKind::tls && flow.server_name == kNoName && !flow.names.cut;
    if (may_be_named && !attribute(flow.names, bundle_, names_).attributed()) return;
    decide(flow, at);
}

void Destinations::server_hello(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at) {
    if (seen.upward) return;  // a stranger's connection to one of our hosts
    flow.names.certificate = certificate_name(record);
    decide(flow, at);
}

// The certificate's first name of a site, and the signature of its names where these agree on the owner.
NamedBy Destinations::certificate_name(const model::RecordView& record) {
    NamedBy named;
    signatures::for_each_said(record, [&](const signatures::Said& said, base::Bytes value) {
        signatures::SaidTexts texts(said, value);
        const std::string_view text = texts.next();
        const bool is_site = text.find('.') != std::string_view::npos && text.find(' ') == std::string_view::npos;
        if (named.name == kNoName && is_site) named.name = names_.intern_host(text);
    });
    const signatures::SignatureId first = matched_.host_name(record.header());
    if (first == signatures::kNoSignature) return named;
    named.signature = first;
    matched_.for_each(record.header(), [&](signatures::SignatureId, const signatures::Signature& signature) {
        const bool agrees = signature.owner == bundle_.signatures[first].owner;
        if (!agrees) named.signature = signatures::kNoSignature;
        return agrees;
    });
    return named;
}

// A stranger's request to one of our hosts names our host, not the stranger.
bool Destinations::take_service_name(FlowState& flow, const Seen& seen, const model::RecordView& record) {
    bool named = false;
    signatures::for_each_said(record, [&](const signatures::Said& said, base::Bytes value) {
        if (said.role != signatures::Role::destination) return;
        named = true;
        const NameId name = names_.intern_host(signatures::SaidTexts(said, value).next());
        if (name == kNoName || !seen.upward) return;
        flow.names.service = {name, matched_.host_name(record.header())};
        flow.names.service_method = said.method;
    });
    return named;
}

void Destinations::request(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at) {
    const bool named = take_service_name(flow, seen, record);
    flow.names.cut = flow.names.cut || (seen.upward && record.header().truncated && !named);
    decide(flow, at);
}

// A stream in clear that begins with the name of the service, as HTTP does; XMPP may still start TLS.
void Destinations::stream_begin(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment&) {
    take_service_name(flow, seen, record);
}

void Destinations::answer(Profile& hearer, const model::RecordView& record, const Moment& at) {
    if (record.number(Field::dns_response) == 0 || record.number(Field::dns_rcode) != 0) return;
    model::DnsQuestion question;
    if (!model::read(record.field(Field::dns_question), question)) return;
    const NameId name = names_.intern_host(question.name);
    if (name == kNoName) return;
    const NamedBy named_by{name, matched_.host_name(record.header())};
    const std::size_t client = profiles_.place_of(hearer.device);
    record.for_each([&](Field field, base::Bytes value) {
        // An address that a service record hints at is used as one of an address record (RFC 9460 section 7.3).
        if (field != Field::dns_answer && field != Field::dns_hint) return;
        model::DnsAnswer answer;
        if (!model::read(value, answer) || !answer.address.specified()) return;
        const std::int64_t expires_ns = at.time_ns + std::int64_t{answer.ttl_s} * base::kSecondNs + DnsNames::kGraceNs;
        dns_names_.learn(client, answer.address, named_by, expires_ns, at.sequence);
    });
}

}  // namespace telltale::correlate
