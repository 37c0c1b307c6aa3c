// SPDX-License-Identifier: Apache-2.0
#include "exporters/observations/notation.h"

#include "sensor/base/clock.h"
#include "sensor/model/dns_answer.h"

namespace telltale::observations {

std::string l4_name(const model::FlowKey& key) {
    if (key.fragment != 0) return "fragment";
    switch (key.protocol) {
        case model::kProtocolTcp: return "tcp";
        case model::kProtocolUdp: return "udp";
        case model::kProtocolIcmp: return "icmp";
        case model::kProtocolIcmpV6: return "icmpv6";
        case 2: return "igmp";
        default: return "proto" + std::to_string(key.protocol);
    }
}

std::string dns_type_name(std::uint16_t type) {
    const std::string_view name = model::dns_type_name(type);
    return name.empty() ? "TYPE" + std::to_string(type) : std::string(name);
}

std::string seconds(std::int64_t time_ns) {
    constexpr auto kSecond = std::uint64_t{base::kSecondNs};
    const bool before = time_ns < 0;
    const std::uint64_t size = before ? 0 - static_cast<std::uint64_t>(time_ns) : static_cast<std::uint64_t>(time_ns);
    std::string fraction = std::to_string(size % kSecond);
    fraction.insert(0, 9 - fraction.size(), '0');
    return (before ? "-" : "") + std::to_string(size / kSecond) + "." + fraction;
}

std::string hexadecimal(base::Bytes bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

}  // namespace telltale::observations
