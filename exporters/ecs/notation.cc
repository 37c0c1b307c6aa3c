// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/notation.h"

#include <algorithm>
#include <array>

#include "sensor/model/flow_key.h"

namespace telltale::ecs {

char* put_mac(const model::MacAddress& address, char* at) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    for (const std::uint8_t byte : address.bytes) {
        at[0] = kDigits[byte >> 4];
        at[1] = kDigits[byte & 15];
        at[2] = '-';
        at += 3;
    }
    return at - 1;
}

std::string_view transport(std::uint8_t protocol) {
    switch (protocol) {
        case model::kProtocolTcp: return "tcp";
        case model::kProtocolUdp: return "udp";
        case model::kProtocolIcmp: return "icmp";
        case model::kProtocolIcmpV6: return "ipv6-icmp";
        case 2: return "igmp";
        case 47: return "gre";
        case 50: return "esp";
        case 132: return "sctp";
        default: return {};
    }
}

std::string_view os_type(std::string_view family) {
    static constexpr auto kTypes =
        std::to_array<std::string_view>({"linux", "macos", "unix", "windows", "ios", "android"});
    const auto type = std::find(kTypes.begin(), kTypes.end(), family);
    return type == kTypes.end() ? std::string_view{} : *type;
}

std::string_view direction(std::string_view owner_id) {
    if (owner_id == model::kOwnerInternal || owner_id == model::kOwnerMulticast) return "internal";
    if (owner_id == model::kOwnerTransit) return "external";
    return owner_id.empty() ? "unknown" : "outbound";
}

const Classification& classification(model::EventAction action) {
    // Types are those that ECS expects for the category.
    static constexpr Classification kFirstSeen = {"event", {"host"}, {"info"}};
    static constexpr Classification kChanged = {"event", {"host"}, {"change", "info"}};
    static constexpr Classification kDestination = {"event", {"network"}, {"connection"}};
    static constexpr Classification kTransfer = {"metric", {"network"}, {"connection", "info"}};
    static constexpr Classification kAlert = {"alert", {"intrusion_detection", "network"}, {"info"}};
    static constexpr Classification kConfig = {"event", {"configuration"}, {"change", "info"}};
    static constexpr Classification kHealth = {"state", {"host"}, {"info"}};
    switch (model::kDatasetOf[action]) {
        case model::Dataset::device: return action == model::EventAction::device_first_seen ? kFirstSeen : kChanged;
        case model::Dataset::destination: return kDestination;
        case model::Dataset::transfer: return kTransfer;
        case model::Dataset::alert:
        case model::Dataset::leak: return kAlert;
        case model::Dataset::config: return kConfig;
        case model::Dataset::health: break;
    }
    return kHealth;
}

}  // namespace telltale::ecs
