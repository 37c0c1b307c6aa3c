// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/flow_state.h"

#include <algorithm>

namespace telltale::correlate {
namespace {

constexpr std::array<std::string_view, kApplicationCount> kNames = {
#define X(name, clear) #name,
    TELLTALE_APPLICATIONS(X)
#undef X
};
constexpr std::array<Clear, kApplicationCount> kClear = {
#define X(name, clear) Clear::clear,
    TELLTALE_APPLICATIONS(X)
#undef X
};

Application by_udp_port(std::uint16_t port) {
    switch (port) {
        case 53: return Application::dns;
        case 67:
        case 68: return Application::dhcp;
        case 546:
        case 547: return Application::dhcpv6;
        case 123: return Application::ntp;
        case 500:
        case 4500: return Application::ike;  // and IPsec through NAT (RFC 7296, RFC 3948): Wi-Fi calling, VPNs
        case 137:
        case 138: return Application::netbios;
        case 1900: return Application::ssdp;
        case 5353: return Application::mdns;
        case 5355: return Application::llmnr;
        default: return Application::udp;
    }
}

}  // namespace

std::string_view to_string(Application application) { return kNames[static_cast<std::size_t>(application)]; }

Clear clear_of(Application application) { return kClear[static_cast<std::size_t>(application)]; }

Application application_of(model::RecordKind kind) {
    switch (kind) {
        case model::RecordKind::dns: return Application::dns;
        case model::RecordKind::mdns: return Application::mdns;
        case model::RecordKind::llmnr: return Application::llmnr;
        case model::RecordKind::nbns: return Application::netbios;
        case model::RecordKind::dhcp: return Application::dhcp;
        case model::RecordKind::dhcpv6: return Application::dhcpv6;
        case model::RecordKind::tls:
        case model::RecordKind::tls_server: return Application::tls;
        case model::RecordKind::dtls: return Application::dtls;
        case model::RecordKind::openvpn: return Application::openvpn;
        case model::RecordKind::quic:
        case model::RecordKind::gquic: return Application::quic;
        case model::RecordKind::http:
        case model::RecordKind::http2: return Application::http;
        case model::RecordKind::ssdp: return Application::ssdp;
        case model::RecordKind::ssh: return Application::ssh;
        case model::RecordKind::mqtt: return Application::mqtt;
        case model::RecordKind::coap: return Application::coap;
        case model::RecordKind::xmpp: return Application::xmpp;
        case model::RecordKind::mipush: return Application::mipush;
        case model::RecordKind::miio: return Application::miio;
        case model::RecordKind::tuya: return Application::tuya;
        case model::RecordKind::stun: return Application::stun;
        default: return Application::other;
    }
}

Application application_by_port(const model::FlowKey& key) {
    switch (key.protocol) {
        case model::kProtocolTcp: return Application::tcp;
        case model::kProtocolIcmp:
        case model::kProtocolIcmpV6: return Application::icmp;
        case model::kProtocolUdp: {
            const Application by_a = by_udp_port(key.port_a);
            return by_a != Application::udp ? by_a : by_udp_port(key.port_b);
        }
        default: return Application::other;
    }
}

FlowState& FlowTable::get(const model::FlowRef& flow, bool& fresh) {
    const bool within = flow.worker < config_.max_workers && flow.slot < config_.max_flow_slots;
    if (!within || flow.serial == 0) {
        if (!within) ++counters_.flows_over_limit;
        beyond_limit_ = {};
        fresh = true;
        return beyond_limit_;
    }
    if (workers_.size() <= flow.worker) workers_.resize(std::size_t{flow.worker} + 1);
    auto& chunks = workers_[flow.worker];
    if (chunks.size() <= flow.slot / kChunkSlots) chunks.resize(std::size_t{flow.slot} / kChunkSlots + 1);
    auto& chunk = chunks[flow.slot / kChunkSlots];
    if (chunk == nullptr) chunk = std::make_unique<Chunk>();
    FlowState& state = (*chunk)[flow.slot % kChunkSlots];
    fresh = state.serial != flow.serial;
    if (fresh) {
        state = {};
        state.serial = flow.serial;
    }
    return state;
}

FlowState* FlowTable::slot_of(const model::FlowRef& flow) const {
    if (flow.worker >= workers_.size()) return nullptr;
    const auto& chunks = workers_[flow.worker];
    const std::size_t chunk = flow.slot / kChunkSlots;
    return chunk < chunks.size() && chunks[chunk] != nullptr ? &(*chunks[chunk])[flow.slot % kChunkSlots] : nullptr;
}

void FlowTable::prefetch(const model::FlowRef& flow) const {
    constexpr std::size_t kCacheLine = 64;
    const auto* const state = reinterpret_cast<const char*>(slot_of(flow));
    if (state == nullptr) return;
    for (std::size_t at = 0; at < sizeof(FlowState); at += kCacheLine) __builtin_prefetch(state + at, 1);
}

void FlowTable::close(const model::FlowRef& flow) {
    FlowState* const state = slot_of(flow);
    if (state != nullptr && state->serial == flow.serial) state->serial = 0;
}

}  // namespace telltale::correlate
