// SPDX-License-Identifier: Apache-2.0
#include "exporters/observations/notation.h"

#include <algorithm>
#include <array>
#include <utility>

namespace telltale::observations {
namespace {

// The types that are met on networks of devices (IANA, DNS parameters).
constexpr std::array<std::pair<std::uint16_t, std::string_view>, 27> kDnsTypes = {{
    {1, "A"},     {2, "NS"},     {5, "CNAME"},  {6, "SOA"},    {10, "NULL"},   {12, "PTR"},   {13, "HINFO"},
    {15, "MX"},   {16, "TXT"},   {28, "AAAA"},  {33, "SRV"},   {35, "NAPTR"},  {37, "CERT"},  {39, "DNAME"},
    {41, "OPT"},  {43, "DS"},    {46, "RRSIG"}, {47, "NSEC"},  {48, "DNSKEY"}, {50, "NSEC3"}, {52, "TLSA"},
    {64, "SVCB"}, {65, "HTTPS"}, {99, "SPF"},   {251, "IXFR"}, {252, "AXFR"},  {255, "ANY"},
}};

}  // namespace

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
    const auto known =
        std::find_if(kDnsTypes.begin(), kDnsTypes.end(), [&](const auto& entry) { return entry.first == type; });
    return known != kDnsTypes.end() ? std::string(known->second) : "TYPE" + std::to_string(type);
}

std::string seconds(std::int64_t time_ns) {
    constexpr std::uint64_t kSecond = 1'000'000'000;
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

std::string number_list(base::Bytes bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        if (!text.empty()) text += ',';
        text += std::to_string(byte);
    }
    return text;
}

std::string wide_number_list(base::Bytes bytes) {
    std::string text;
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        if (!text.empty()) text += ',';
        text += std::to_string(bytes[at] | bytes[at + 1] << 8);
    }
    return text;
}

}  // namespace telltale::observations
