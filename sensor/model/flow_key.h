// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

#include "sensor/base/same_bytes.h"
#include "sensor/base/vector_hash.h"
#include "sensor/model/addresses.h"
#include "sensor/model/segment.h"

namespace telltale::model {

inline constexpr std::uint8_t kProtocolIcmp = 1;
inline constexpr std::uint8_t kProtocolTcp = 6;
inline constexpr std::uint8_t kProtocolUdp = 17;
inline constexpr std::uint8_t kProtocolIcmpV6 = 58;
inline constexpr std::uint8_t kProtocolSctp = 132;

constexpr bool has_ports(std::uint8_t protocol) {
    return protocol == kProtocolTcp || protocol == kProtocolUdp || protocol == kProtocolSctp;
}
constexpr bool is_icmp(std::uint8_t protocol) { return protocol == kProtocolIcmp || protocol == kProtocolIcmpV6; }
// ICMP has no ports. In the sender's place a flow key has the message's type, in the receiver's the type that answers
// it, or this and the code where no type does; as community ids want it.
inline constexpr std::uint16_t kIcmpCode = 0x100;

// A flow's identity, the same for both directions: side `a` is the one with the smaller (address, port). Ports are 0
// where the protocol has none; ICMP: kIcmpCode. Non-first IP fragments carry no ports: they are flows of their own,
// marked. 48 bytes without padding, so that it can be hashed and compared as whole words.
struct FlowKey {
    IpAddress a;
    IpAddress b;
    std::uint16_t port_a = 0;
    std::uint16_t port_b = 0;
    Segment segment;
    std::uint8_t protocol = 0;  // IP protocol number
    std::uint8_t fragment = 0;  // 1: non-first fragments
    std::uint8_t zero[6] = {};

    bool operator==(const FlowKey& other) const { return base::same_bytes(*this, other); }
    static constexpr std::size_t kBytes = 48;
    using Hash = base::VectorHash<kBytes>;
    [[nodiscard]] std::uint64_t hash(const Hash& hash) const { return hash(this); }
};
static_assert(sizeof(FlowKey) == FlowKey::kBytes);

// Which way a packet goes through its flow.
enum class Direction : std::uint8_t { a_to_b = 0, b_to_a = 1 };
constexpr Direction opposite(Direction direction) {
    return direction == Direction::a_to_b ? Direction::b_to_a : Direction::a_to_b;
}

// Names an open flow between a worker and correlate: the slot is reused, the serial is not.
struct FlowRef {
    std::uint16_t worker = 0;
    std::uint32_t slot = 0;
    std::uint32_t serial = 0;  // 0: no flow (ARP, frames without IP)

    bool operator==(const FlowRef&) const = default;
};

}  // namespace telltale::model
