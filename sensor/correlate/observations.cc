// SPDX-License-Identifier: Apache-2.0
// What each kind of record tells of devices, names and flows.
#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "sensor/correlate/bounded_text.h"
#include "sensor/correlate/correlator_state.h"
#include "sensor/model/readable.h"

namespace telltale::correlate {
namespace {

using model::Field;
using signatures::PatternSet;

constexpr std::size_t kMaxHostNames = 8;  // that a device is remembered to have used
constexpr float kForwardingWeight = 0.7F;
constexpr float kPushServiceWeight = 0.95F;
constexpr std::uint16_t kDnsTypeA = 1;
constexpr std::uint16_t kDnsTypeAaaa = 28;
constexpr std::uint64_t kBootRequest = 1;  // RFC 2131 section 2: op
constexpr std::uint64_t kBootReply = 2;
constexpr std::uint64_t kDhcpAck = 5;  // RFC 2132 section 9.6

std::size_t side_of_source(const model::RecordHeader& header) { return static_cast<std::size_t>(header.direction); }
std::size_t side_of_destination(const model::RecordHeader& header) { return 1 - side_of_source(header); }

model::MacAddress mac_of(base::Bytes raw) {
    model::MacAddress mac;
    if (raw.size() == mac.bytes.size()) std::copy(raw.begin(), raw.end(), mac.bytes.begin());
    return mac;
}

// A field of type dns_answer; its layout stands at FieldType::dns_answer.
struct Answer {
    std::uint16_t type = 0;
    std::uint32_t ttl_s = 0;
    std::string_view name;
    model::IpAddress address;
};

Answer read_answer(base::Bytes raw) {
    Answer answer;
    base::ByteReader reader(raw);
    base::ByteReader name;
    if (!reader.read_le_u16(answer.type) || !reader.read_le_u32(answer.ttl_s) || !reader.read_sub_u8(name)) return {};
    answer.name = base::as_text(name.rest());
    if (answer.type == kDnsTypeA || answer.type == kDnsTypeAaaa) answer.address = model::IpAddress::from(reader.rest());
    return answer;
}

// The question's name without its type.
std::string_view question_name(base::Bytes raw) {
    return raw.size() > 2 ? base::as_text(raw.subspan(2)) : std::string_view();
}

std::string parameters_text(base::Bytes codes) {
    std::string text;
    for (std::uint8_t code : codes) text += (text.empty() ? "" : ",") + std::to_string(code);
    return text;
}

}  // namespace

void Correlator::State::on_delta(const model::RecordView& record, FlowState& flow) {
    const model::FlowDelta delta = record.flow_delta();
    decide(flow);
    flow.decided = true;  // also what is reserved
    for (std::size_t side = 0; side < 2; ++side) {
        if (flow.devices[side] == kNoDevice || delta.packets[side] == 0) continue;
        Device& device = devices_[flow.devices[side]];
        device.last_seen_ns = std::max(device.last_seen_ns, delta.last_ns);
    }
    ledger_.add(flow, delta);
    if (!delta.final) return;
    ++counters_.flows_by_method[flow.attribution.method];
    ++counters_.flows_by_cause[flow.attribution.cause];
    if (flow.names.ech) ++counters_.flows_with_ech;
    flows_.close(record.header().flow);
}

void Correlator::State::on_arp(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    const model::MacAddress mac = mac_of(record.field(Field::client_mac));
    const model::IpAddress address = model::IpAddress::from(record.field(Field::ip_address));
    devices_.claim(header.key.segment, mac.known() ? mac : header.source_mac, address, now_ns_);
}

void Correlator::State::on_dns(const model::RecordView& record, FlowState& flow) {
    note_application(record.header(), flow);
    decide(flow);
    const model::RecordHeader& header = record.header();
    const DeviceIndex client = flow.devices[side_of_destination(header)];
    const bool answers = record.number(Field::dns_response) != 0 && record.number(Field::dns_rcode) == 0;
    if (!answers || client == kNoDevice) return;
    const NameId name = names_.intern_host(question_name(record.field(Field::dns_question)));
    if (name == kNoName) return;
    const NamedBy named_by{name, destination_signature(header)};
    record.for_each([&](Field field, base::Bytes value) {
        // An address that a service record hints at is used as one of an address record (RFC 9460 section 7.3).
        if (field != Field::dns_answer && field != Field::dns_hint) return;
        const Answer answer = read_answer(value);
        if (!answer.address.specified()) return;
        constexpr std::int64_t kSecondNs = 1'000'000'000;
        const std::int64_t expires_ns = now_ns_ + std::int64_t{answer.ttl_s} * kSecondNs + DnsNames::kGraceNs;
        dns_names_.learn(client, answer.address, named_by, expires_ns);
    });
}

// A device that says that a name has the address it sends from says its own name (RFC 6762 section 8.3).
void Correlator::State::on_mdns(const model::RecordView& record, FlowState& flow) {
    constexpr std::string_view kLocal = ".local";
    const model::RecordHeader& header = record.header();
    note_application(header, flow);
    decide(flow);
    if (record.number(Field::dns_response) == 0) return;
    record.for_each([&](Field field, base::Bytes value) {
        if (field != Field::dns_answer) return;
        const Answer answer = read_answer(value);
        if (answer.address != header.source() || !answer.name.ends_with(kLocal)) return;
        take_host_name(flow.devices[side_of_source(header)], answer.name.substr(0, answer.name.size() - kLocal.size()));
    });
}

void Correlator::State::on_dhcp(const model::RecordView& record, FlowState& flow) {
    note_application(record.header(), flow);
    const model::RecordHeader& header = record.header();
    const model::MacAddress client = mac_of(record.field(Field::client_mac));
    const std::uint64_t operation = record.number(Field::operation);
    const model::Segment segment = header.key.segment;
    if (operation == kBootRequest) {
        const model::IpAddress own = model::IpAddress::from(record.field(Field::dhcp_client_ip));
        DeviceIndex device = flow.devices[side_of_source(header)];
        // What a relay passes on is of the client behind it, whose frames we may never see.
        if (client.known()) {
            const bool claims = own.specified() && client == header.source_mac;
            device =
                claims ? devices_.bind(segment, client, own, now_ns_) : devices_.resolve_mac(segment, client, now_ns_);
        }
        take_host_name(device, record.text(Field::dhcp_host_name));
        take_fingerprints(record, device);
        return;
    }
    const std::uint64_t message = record.number(Field::dhcp_message_type);
    const model::IpAddress given = model::IpAddress::from(record.field(Field::dhcp_given_ip));
    if (operation == kBootReply && (message == kDhcpAck || message == 0) && given.specified() && client.known()) {
        devices_.bind(segment, client, given, now_ns_);
    }
}

// TLS may follow something else in a flow (STARTTLS, a proxy's CONNECT), and nothing follows TLS.
void Correlator::State::note_application(const model::RecordHeader& header, FlowState& flow) {
    const Application said = application_of(header.kind);
    const bool by_port = flow.application == Application::udp || flow.application == Application::tcp ||
                         flow.application == application_by_port(flow.key);
    if (said == Application::other || is_encrypted_dns(flow.application)) return;
    if (by_port || said == Application::tls) flow.application = said;
}

void Correlator::State::on_other(const model::RecordView& record, FlowState& flow) {
    note_application(record.header(), flow);
    take_fingerprints(record, flow.devices[side_of_source(record.header())]);
    // A stream may still start TLS.
    if (flow.key.protocol == model::kProtocolUdp) decide(flow);
}

void Correlator::State::on_tls(const model::RecordView& record, FlowState& flow) {
    note_application(record.header(), flow);
    const model::RecordHeader& header = record.header();
    // A stranger's hello to one of our hosts names our host, not the stranger.
    if (header.direction != flow.up) return decide(flow);
    flow.server_name = names_.intern_host(record.text(Field::tls_server_name));
    flow.names.tls = {flow.server_name, destination_signature(header)};
    flow.names.ech = record.number(Field::tls_ech) != 0;
    flow.names.cut = flow.names.cut || (header.truncated && flow.server_name == kNoName);
    if (const Application hidden = encrypted_dns_.of(record); hidden != Application::other) {
        flow.application = hidden;
        if (flow.device != kNoDevice) devices_[flow.device].encrypted_dns = true;
    }
    flow.ja3 = names_.intern(record.text(Field::tls_ja3));
    flow.ja4 = names_.intern(record.text(Field::tls_ja4));
    // Without a name the server's certificate may have one.
    const bool may_be_named = header.kind == model::RecordKind::tls && flow.server_name == kNoName && !flow.names.cut;
    if (may_be_named && !attribute(flow.names, *bundle_, names_).attributed()) return;
    decide(flow);
}

void Correlator::State::on_tls_server(const model::RecordView& record, FlowState& flow) {
    note_application(record.header(), flow);
    if (record.header().direction == flow.up) return;  // a stranger's connection to one of our hosts
    flow.names.certificate = certificate_name(record);
    decide(flow);
}

// The certificate's first name of a site, and the signature of its names where these agree on the owner.
NamedBy Correlator::State::certificate_name(const model::RecordView& record) {
    NamedBy named;
    record.for_each([&](Field field, base::Bytes value) {
        if (field != Field::certificate_subject && field != Field::certificate_names) return;
        std::string_view text = base::as_text(value);
        if (text.starts_with("*.")) text.remove_prefix(2);
        if (named.name != kNoName || text.find('.') == std::string_view::npos ||
            text.find(' ') != std::string_view::npos)
            return;
        named.name = names_.intern_host(text);
    });
    const model::RecordHeader& header = record.header();
    const signatures::SignatureId first = destination_signature(header);
    if (first == signatures::kNoSignature) return named;
    for (std::size_t i = 0; i < std::min<std::size_t>(header.signature_count, header.signatures.size()); ++i) {
        const signatures::SignatureId id = header.signatures[i];
        if (id < bundle_->signatures.size() && bundle_->signatures[id].owner != bundle_->signatures[first].owner)
            return named;
    }
    named.signature = first;
    return named;
}

void Correlator::State::on_http(const model::RecordView& record, FlowState& flow) {
    const model::RecordHeader& header = record.header();
    note_application(header, flow);
    take_fingerprints(record, flow.devices[side_of_source(header)]);
    if (header.direction != flow.up) return decide(flow);
    const NameId host = names_.intern_host(record.text(Field::service_name));
    if (host != kNoName) flow.names.http = {host, destination_signature(header)};
    flow.names.cut = flow.names.cut || (header.truncated && host == kNoName);
    decide(flow);
}

// What a host says of itself to its neighbour on the wire.
void Correlator::State::on_announcement(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    const DeviceIndex device = devices_.resolve_mac(header.key.segment, header.source_mac, now_ns_);
    take_host_name(device, record.text(Field::system_name));
}

// Streams in clear that begin with the name of the service, as HTTP does; Xiaomi's tells the device, too.
void Correlator::State::on_chat(const model::RecordView& record, FlowState& flow) {
    const model::RecordHeader& header = record.header();
    note_application(header, flow);
    if (header.direction != flow.up) return;
    const NameId host = names_.intern_host(record.text(Field::service_name));
    if (host != kNoName) flow.names.http = {host, destination_signature(header)};
    const DeviceIndex device = flow.devices[side_of_source(header)];
    const std::string_view model = record.text(Field::model_name);
    if (header.kind == model::RecordKind::mipush && device != kNoDevice && !model.empty()) {
        EvidenceItem item{EvidenceSource::push_service, bounded(model), {}, {}, now_ns_};
        item.claim.maker = "xiaomi";
        item.claim.model = item.value;
        item.claim.os = "android";
        item.claim.weight = kPushServiceWeight;
        add_evidence(devices_[device], std::move(item));
    }
    // XMPP may still start TLS.
    if (header.kind == model::RecordKind::mipush) decide(flow);
}

signatures::SignatureId Correlator::State::destination_signature(const model::RecordHeader& header) {
    for (std::size_t i = 0; i < std::min<std::size_t>(header.signature_count, header.signatures.size()); ++i) {
        const signatures::SignatureId id = header.signatures[i];
        if (id >= bundle_->signatures.size()) {
            ++counters_.signatures_out_of_range;
        } else if (bundle_->signatures[id].set == PatternSet::host_name) {
            return id;
        }
    }
    return signatures::kNoSignature;
}

void Correlator::State::take_fingerprints(const model::RecordView& record, DeviceIndex index) {
    if (index == kNoDevice) return;
    const model::RecordHeader& header = record.header();
    for (std::size_t i = 0; i < std::min<std::size_t>(header.signature_count, header.signatures.size()); ++i) {
        if (header.signatures[i] >= bundle_->signatures.size()) {
            ++counters_.signatures_out_of_range;
            continue;
        }
        const signatures::Signature& signature = bundle_->signatures[header.signatures[i]];
        EvidenceItem item;
        switch (signature.set) {
            case PatternSet::host_name: continue;
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
        item.seen_ns = now_ns_;
        add_evidence(devices_[index], std::move(item));
    }
}

void Correlator::State::take_host_name(DeviceIndex index, std::string_view name) {
    if (index == kNoDevice || name.empty()) return;
    Device& device = devices_[index];
    const std::string text = bounded(name);
    auto& known = device.host_names;
    // A name that it used before and uses again is a repeat, which a worker may or may not have suppressed.
    if (known.size() >= kMaxHostNames || std::find(known.begin(), known.end(), text) != known.end()) return;
    known.push_back(text);
    device.host_name = text;
    device.changed();
    reports_.note(device, [&] { return "name " + model::readable(text); });
}

void Correlator::State::add_evidence(Device& device, EvidenceItem item) {
    if (!device.evidence.add(std::move(item), config_.max_evidence_per_device, counters_)) return;
    const KnownIdentity before = known_identity(device, config_);
    device.identity = device.evidence.identity();
    device.changed();
    reports_.note(device);
    const KnownIdentity now = known_identity(device, config_);
    if (now != before) review_contacts(device, before, now);
}

void Correlator::State::on_new_device(Device& device) { reports_.note(device); }

void Correlator::State::on_new_mac(Device& device, const model::MacAddress& mac) {
    if (registry_ == nullptr || mac.local()) return;
    const std::string_view organisation = registry_->organisation(mac.bytes);
    if (organisation.empty()) return;
    // An organisation that speaks for no maker is told all the same: a person may make something of it.
    EvidenceItem item{EvidenceSource::mac_prefix, std::string(organisation), {}, {}, now_ns_};
    // A network has few kinds of devices, and the registry's texts stay where they are.
    const auto [known, fresh] = maker_by_organisation_.try_emplace(organisation.data(), 0);
    if (fresh) known->second = registrants_.maker_of(organisation);
    const std::int32_t index = known->second;
    if (index >= 0) {
        const signatures::Maker& maker = bundle_->makers[static_cast<std::size_t>(index)];
        item.claim.maker = maker.id;
        item.claim.weight = maker.registrant_weight;
    }
    add_evidence(device, std::move(item));
}

void Correlator::State::on_new_address(Device& device, const model::IpAddress& address) {
    reports_.note(device, [&] { return "new address " + model::to_string(address); });
}

void Correlator::State::on_router(Device& device) {
    signatures::DeviceClaim claim;
    claim.device_class = "router";
    claim.weight = kForwardingWeight;
    add_evidence(device, {EvidenceSource::forwarding, "forwards for other hosts", {}, claim, now_ns_});
}

}  // namespace telltale::correlate
