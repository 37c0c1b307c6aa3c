// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sensor/correlate/attribution.h"
#include "sensor/correlate/config.h"
#include "sensor/correlate/counters.h"
#include "sensor/correlate/device_table.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

enum class Clear : std::uint8_t { unknown, yes, no };  // can anybody on the way read it?
inline constexpr std::size_t kClearCount = 3;

// What a flow speaks, as far as that is known: by what was read of it, else by the well-known port. X(name, clear).
#define TELLTALE_APPLICATIONS(X) \
    X(other, unknown)            \
    X(tcp, unknown)              \
    X(udp, unknown)              \
    X(icmp, unknown)             \
    X(dhcp, yes)                 \
    X(dns, yes)                  \
    X(http, yes)                 \
    X(llmnr, yes)                \
    X(mdns, yes)                 \
    X(netbios, yes)              \
    X(ntp, yes)                  \
    X(ssdp, yes)                 \
    X(tls, no)                   \
    X(quic, no)                  \
    X(dtls, no)                  \
    X(dhcpv6, yes)               \
    X(ssh, no)                   \
    X(mqtt, yes)                 \
    X(coap, yes)                 \
    X(xmpp, yes)                 \
    X(miio, no)                  \
    X(tuya, unknown)             \
    X(stun, unknown)             \
    X(mipush, yes)               \
    X(openvpn, no)               \
    X(ike, no)                   \
    X(dns_over_tls, no)          \
    X(dns_over_https, no)        \
    X(dns_over_quic, no)

enum class Application : std::uint8_t {
#define X(name, clear) name,
    TELLTALE_APPLICATIONS(X)
#undef X
};
inline constexpr std::size_t kApplicationCount = 0
#define X(name, clear) +1
    TELLTALE_APPLICATIONS(X)
#undef X
    ;
static_assert(kApplicationCount <= 32);  // the ledger has a bit for each
std::string_view to_string(Application application);
Clear clear_of(Application application);

constexpr bool is_encrypted_dns(Application application) {
    return application == Application::dns_over_tls || application == Application::dns_over_https ||
           application == Application::dns_over_quic;
}

Application application_by_port(const model::FlowKey& key);
// What a message of this kind says that its flow speaks; `other`: nothing.
Application application_of(model::RecordKind kind);

// An open flow as correlate sees it.
struct FlowState {
    std::uint32_t serial = 0;  // 0: the slot is free
    model::FlowKey key;
    std::int64_t start_ns = 0;
    std::array<DeviceIndex, 2> devices{};            // behind sides a and b
    DeviceIndex device = kNoDevice;                  // the accountable one
    model::MacAddress device_mac;                    // as the first packet had it
    model::Direction up = model::Direction::a_to_b;  // from the accountable device
    Application application = Application::other;
    FlowNames names;
    NameId server_name = kNoName;
    NameId ja3 = kNoName;
    NameId ja4 = kNoName;
    bool decided = false;
    Attribution attribution;
    std::int64_t counted_interval_ns = INT64_MIN;  // the last interval whose row counts this flow
    OwnerIndex counted_owner = kUnattributedIndex;
    bool in_open_count = false;                      // the ledger counts it among its party's open flows
    std::uint32_t open_epoch = 0;                    // for which `open` is good
    std::uint64_t* open = nullptr;                   // the ledger's count of them
    std::array<std::uint64_t, 2> unnamed_packets{};  // by direction: what went to unattributed
    std::array<std::uint64_t, 2> unnamed_bytes{};

    [[nodiscard]] const model::IpAddress& near() const { return up == model::Direction::a_to_b ? key.a : key.b; }
    [[nodiscard]] const model::IpAddress& far() const { return up == model::Direction::a_to_b ? key.b : key.a; }
    // 0 where the protocol has no ports.
    [[nodiscard]] std::uint16_t near_port() const { return port(up); }
    [[nodiscard]] std::uint16_t far_port() const { return port(model::opposite(up)); }

  private:
    [[nodiscard]] std::uint16_t port(model::Direction from) const {
        if (!model::has_ports(key.protocol)) return 0;
        return from == model::Direction::a_to_b ? key.port_a : key.port_b;
    }
};

// The open flows of all workers, by worker and slot. A slot's state is replaced when its serial changes.
class FlowTable {
  public:
    FlowTable(const CorrelateConfig& config, Counters& counters) : config_(config), counters_(counters) {}

    // The flow's state; `fresh` when its serial is new. Beyond the limits a state of no duration, fresh each time.
    FlowState& get(const model::FlowRef& flow, bool& fresh);
    void close(const model::FlowRef& flow);
    // get() will be asked for it soon.
    void prefetch(const model::FlowRef& flow) const;

  private:
    // States stay where they are when the table grows.
    static constexpr std::size_t kChunkSlots = 256;
    using Chunk = std::array<FlowState, kChunkSlots>;

    // Null where no flow was yet.
    [[nodiscard]] FlowState* slot_of(const model::FlowRef& flow) const;

    const CorrelateConfig& config_;
    Counters& counters_;
    std::vector<std::vector<std::unique_ptr<Chunk>>> workers_;
    FlowState beyond_limit_;
};

}  // namespace telltale::correlate
