// SPDX-License-Identifier: Apache-2.0
// Lists for each kind of record that who passes on what a partition does with it.
#include <array>
#include <optional>

#include "sensor/correlate/what/partition.h"
#include "signatures/said_rows.h"

namespace telltale::correlate {

using model::RecordKind;

namespace {

// One kind of record: the application that it proves, and what is done for the flow and for the device that speaks; or
// why nothing is. Optional, not null: GCC 12 with -fsanitize=undefined compares no pointers to members in constants.
struct MessageStep {
    using OfFlow = void (Destinations::*)(FlowState&, const Seen&, const model::RecordView&, const Moment&);
    using OfSpeaker = void (Identification::*)(Profile&, const Seen&, const model::RecordView&, const Moment&);

    RecordKind kind;
    Application application = Application::other;
    std::optional<OfFlow> of_flow = {};
    std::optional<OfSpeaker> of_speaker = {};
    const char* none_because = nullptr;
};

constexpr const char* kWho = "who uses it, and sends what it changes";
constexpr MessageStep::OfFlow kHello = &Destinations::client_hello;
constexpr MessageStep::OfFlow kMessage = &Destinations::message;
constexpr MessageStep::OfSpeaker kFingerprints = &Identification::fingerprints;

constexpr std::size_t kCount = model::kRecordKindCount;
constexpr std::array<MessageStep, kCount> kSteps = {{
    {RecordKind::flow_start, Application::other, {}, {}, kWho},
    {RecordKind::flow_unnamed, Application::other, &Destinations::unnamed},
    {RecordKind::flow_delta, Application::other, &Destinations::delta},
    {RecordKind::sender, Application::other, {}, {}, kWho},
    {RecordKind::arp, Application::other, {}, {}, kWho},
    {RecordKind::ndp, Application::other, {}, {}, kWho},
    {RecordKind::dns, Application::dns, &Destinations::nothing_more},
    {RecordKind::mdns, Application::mdns, &Destinations::nothing_more, &Identification::mdns},
    {RecordKind::llmnr, Application::llmnr, kMessage, kFingerprints},
    {RecordKind::nbns, Application::netbios, kMessage, &Identification::netbios},
    {RecordKind::dhcp, Application::dhcp, {}, &Identification::dhcp},
    {RecordKind::dhcpv6, Application::dhcpv6, kMessage, &Identification::dhcpv6},
    {RecordKind::tls, Application::tls, kHello},
    {RecordKind::tls_server, Application::tls, &Destinations::server_hello},
    {RecordKind::dtls, Application::dtls, kHello},
    {RecordKind::openvpn, Application::openvpn, kHello},
    {RecordKind::quic, Application::quic, kHello},
    {RecordKind::gquic, Application::quic, kHello, kFingerprints},
    {RecordKind::http, Application::http, &Destinations::request, kFingerprints},
    {RecordKind::http2, Application::http, &Destinations::request, kFingerprints},
    {RecordKind::ssdp, Application::ssdp, kMessage, kFingerprints},
    {RecordKind::lldp, Application::other, {}, &Identification::announcement},
    {RecordKind::cdp, Application::other, {}, &Identification::announcement},
    {RecordKind::tcp_syn, Application::other, {}, {}, "no signature reads how a connection is opened"},
    {RecordKind::ssh, Application::ssh, kMessage, kFingerprints},
    {RecordKind::mqtt, Application::mqtt, kMessage, kFingerprints},
    {RecordKind::coap, Application::coap, kMessage, kFingerprints},
    {RecordKind::xmpp, Application::xmpp, &Destinations::stream_begin},
    {RecordKind::mipush, Application::mipush, kMessage, kFingerprints},
    {RecordKind::miio, Application::miio, kMessage, kFingerprints},
    {RecordKind::tuya, Application::tuya, kMessage, kFingerprints},
    {RecordKind::stun, Application::stun, kMessage, kFingerprints},
    {RecordKind::interval_end, Application::other, {}, {}, "close_interval() comes in its place"},
}};

// Every kind has a step, or a reason; in the order of the kinds, so that a kind is an index.
constexpr bool complete() {
    for (std::size_t i = 0; i < kCount; ++i) {
        const MessageStep& step = kSteps[i];
        const bool nothing = !step.of_flow.has_value() && !step.of_speaker.has_value();
        if (static_cast<std::size_t>(step.kind) != i || nothing != (step.none_because != nullptr)) return false;
    }
    return true;
}
static_assert(complete());

// Every text that signatures match is used: a kind with a row in the table of what a device says has the step for it.
// Names in DNS are for who hears them.
constexpr bool every_row_is_used() {
    for (const signatures::Said& said : signatures::kSaid) {
        for (const MessageStep& step : kSteps) {
            if (!said.in(step.kind)) continue;
            const bool of_device = said.role == signatures::Role::device;
            if (of_device ? !step.of_speaker.has_value() : !step.of_flow.has_value()) return false;
        }
    }
    return true;
}
static_assert(every_row_is_used());

}  // namespace

void Partition::on_record(const Moment& at, const Seen& seen, const model::RecordView& record) {
    begin(at);
    const MessageStep& step = kSteps[static_cast<std::size_t>(record.header().kind)];
    if (has(seen.parts, Part::speaker) && seen.speaker != kNoDevice && step.of_speaker) {
        (identification_.**step.of_speaker)(profiles_[seen.speaker], seen, record, at);
    }
    if (has(seen.parts, Part::flow)) {
        FlowState& flow = destinations_.flow(seen.flow);
        note_application(flow, step.application);
        if (step.of_flow) (destinations_.**step.of_flow)(flow, seen, record, at);
    }
    if (has(seen.parts, Part::hearer) && seen.hearer != kNoDevice) {
        destinations_.answer(profiles_[seen.hearer], record, at);
    }
}

// TLS may follow something else in a flow (STARTTLS, a proxy's CONNECT), and nothing follows TLS.
void Partition::note_application(FlowState& flow, Application said) {
    if (said == Application::other || is_encrypted_dns(flow.application)) return;
    const bool by_port = flow.application == Application::udp || flow.application == Application::tcp ||
                         flow.application == application_by_port(flow.key);
    if (by_port || said == Application::tls) flow.application = said;
}

}  // namespace telltale::correlate
