// SPDX-License-Identifier: Apache-2.0
// Lists for each kind of record what it says of who is who, and which devices it concerns beyond that.
#include <algorithm>
#include <array>
#include <optional>

#include "sensor/correlate/who/who.h"

namespace telltale::correlate {

using model::Field;
using model::RecordKind;

namespace {

constexpr std::uint64_t kBootRequest = 1;  // RFC 2131 section 2: op
constexpr std::uint64_t kBootReply = 2;
constexpr std::uint64_t kDhcpAck = 5;  // RFC 2132 section 9.6

model::MacAddress mac_of(base::Bytes raw) {
    model::MacAddress mac;
    if (raw.size() == mac.bytes.size()) std::copy(raw.begin(), raw.end(), mac.bytes.begin());
    return mac;
}

DeviceIndex source_of(const SeenFlow& flow, const model::RecordHeader& header) {
    return flow.devices[static_cast<std::size_t>(header.direction)];
}

}  // namespace

// One kind of record and what who does with it, or why nothing. Optional, not null: GCC 12 with -fsanitize=undefined
// compares no pointers to members in constants.
struct Who::Step {
    RecordKind kind;
    std::optional<void (Who::*)(const model::RecordView&)> run;
    const char* none_because = nullptr;
};

struct Who::Steps {
    static constexpr std::size_t kCount = model::kRecordKindCount;
    static constexpr std::array<Step, kCount> kAll = {{
        {RecordKind::flow_start, &Who::flow_only},
        {RecordKind::flow_unnamed, &Who::message},
        {RecordKind::flow_delta, &Who::delta},
        {RecordKind::sender, &Who::sender},
        {RecordKind::arp, &Who::claim},
        {RecordKind::ndp, &Who::claim_in_flow},
        {RecordKind::dns, &Who::answers},
        {RecordKind::mdns, &Who::message},
        {RecordKind::llmnr, &Who::message},
        {RecordKind::nbns, &Who::message},
        {RecordKind::dhcp, &Who::lease},
        {RecordKind::dhcpv6, &Who::message},
        {RecordKind::tls, &Who::message},
        {RecordKind::tls_server, &Who::message},
        {RecordKind::dtls, &Who::message},
        {RecordKind::openvpn, &Who::message},
        {RecordKind::quic, &Who::message},
        {RecordKind::gquic, &Who::message},
        {RecordKind::http, &Who::message},
        {RecordKind::http2, &Who::message},
        {RecordKind::ssdp, &Who::message},
        {RecordKind::lldp, &Who::announcement},
        {RecordKind::cdp, &Who::announcement},
        {RecordKind::tcp_syn, {}, "no signature reads how a connection is opened yet"},
        {RecordKind::ssh, &Who::message},
        {RecordKind::mqtt, &Who::message},
        {RecordKind::coap, &Who::message},
        {RecordKind::xmpp, &Who::message},
        {RecordKind::mipush, &Who::message},
        {RecordKind::miio, &Who::message},
        {RecordKind::tuya, &Who::message},
        {RecordKind::stun, &Who::message},
        {RecordKind::interval_end, {}, "close_interval() comes when all workers have sent it"},
    }};

    // Every kind has a step, or a reason; in the order of the kinds, so that a kind is an index.
    static constexpr bool complete() {
        for (std::size_t i = 0; i < kCount; ++i) {
            const bool explained = kAll[i].run.has_value() != (kAll[i].none_because != nullptr);
            if (static_cast<std::size_t>(kAll[i].kind) != i || !explained) return false;
        }
        return true;
    }
};

void Who::on_record(const model::RecordView& record) {
    static_assert(Steps::complete());
    const model::RecordHeader& header = record.header();
    const auto kind = static_cast<std::size_t>(header.kind);
    ++records_[kind];
    // The records of a clock step share an order, but no frame.
    if (header.order != order_ || order_.is_clock_step()) begin_frame(header.time_ns);
    order_ = header.order;
    if (header.signature_count != 0) generations_.note(moment_.frame, header.generation);
    if (const auto run = Steps::kAll[kind].run) (this->**run)(record);
}

void Who::flow_only(const model::RecordView& record) { flow_of(record.header()); }

void Who::message(const model::RecordView& record) {
    const SeenFlow& flow = flow_of(record.header());
    pass(record, flow, Part::flow | Part::speaker, source_of(flow, record.header()));
}

void Who::answers(const model::RecordView& record) {
    const SeenFlow& flow = flow_of(record.header());
    pass(record, flow, Part::flow | Part::hearer, kNoDevice);
}

void Who::delta(const model::RecordView& record) {
    const SeenFlow& flow = flow_of(record.header());
    const model::FlowDelta delta = record.flow_delta();
    for (std::size_t side = 0; side < flow.devices.size(); ++side) {
        const DeviceIndex device = flow.devices[side];
        const bool other = device != kNoDevice && device != flow.device;
        if (other && delta.packets[side] != 0) note_presence(device, delta.last_ns);
    }
    pass(record, flow, static_cast<std::uint8_t>(Part::flow), kNoDevice);
    if (delta.final) flows_.close(record.header().flow);
}

void Who::sender(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    devices_.resolve_mac(header.key.segment, header.source_mac, header.time_ns);
}

// ARP and neighbour discovery.
void Who::claim(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    const model::MacAddress mac = mac_of(record.field(Field::client_mac));
    const model::IpAddress address = model::IpAddress::from(record.field(Field::ip_address));
    devices_.claim(header.key.segment, mac.known() ? mac : header.source_mac, address, header.time_ns);
}

void Who::claim_in_flow(const model::RecordView& record) {
    flow_of(record.header());
    claim(record);
}

// A host describes itself to its neighbour on the wire.
void Who::announcement(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    const DeviceIndex device = devices_.resolve_mac(header.key.segment, header.source_mac, header.time_ns);
    pass(record, SeenFlow{}, static_cast<std::uint8_t>(Part::speaker), device);
}

void Who::lease(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    const SeenFlow& flow = flow_of(header);
    const model::MacAddress client = mac_of(record.field(Field::client_mac));
    const model::Segment segment = header.key.segment;
    const std::uint64_t operation = record.number(Field::operation);
    DeviceIndex speaker = kNoDevice;
    if (operation == kBootRequest) {
        const model::IpAddress own = model::IpAddress::from(record.field(Field::dhcp_client_ip));
        speaker = source_of(flow, header);
        // A relay passes on messages of the client behind it, whose frames we may never see.
        if (client.known()) {
            const bool claims = own.specified() && client == header.source_mac;
            speaker = claims ? devices_.bind(segment, client, own, header.time_ns)
                             : devices_.resolve_mac(segment, client, header.time_ns);
        }
    }
    const std::uint64_t message = record.number(Field::dhcp_message_type);
    const model::IpAddress given = model::IpAddress::from(record.field(Field::dhcp_given_ip));
    const bool grants = operation == kBootReply && (message == kDhcpAck || message == 0);
    if (grants && given.specified() && client.known()) devices_.bind(segment, client, given, header.time_ns);
    pass(record, flow, Part::flow | Part::speaker, speaker);
}

}  // namespace telltale::correlate
