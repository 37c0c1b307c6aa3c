// SPDX-License-Identifier: Apache-2.0
#include "tests/support/addresses.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "tests/support/bytes.h"

namespace telltale::support {

Mac::Mac(const char* text) {
    const Bytes bytes = from_hex(text);
    if (bytes.size() != octets.size()) throw std::invalid_argument(std::string("not a MAC address: ") + text);
    std::copy(bytes.begin(), bytes.end(), octets.begin());
}

Mac::Mac(const std::string& text) : Mac(text.c_str()) {}

std::string Mac::text() const {
    std::array<char, 18> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%02x:%02x:%02x:%02x:%02x:%02x", octets[0], octets[1], octets[2],
                  octets[3], octets[4], octets[5]);
    return buffer.data();
}

Ip::Ip(const char* text) {
    if (inet_pton(AF_INET, text, octets.data()) == 1) return;
    v6 = true;
    if (inet_pton(AF_INET6, text, octets.data()) != 1)
        throw std::invalid_argument(std::string("not an address: ") + text);
}

Ip::Ip(const std::string& text) : Ip(text.c_str()) {}

Ip Ip::v4(std::uint32_t host_order) {
    Ip ip;
    for (std::size_t i = 0; i < 4; ++i) ip.octets[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    return ip;
}

std::string Ip::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(v6 ? AF_INET6 : AF_INET, octets.data(), buffer.data(), buffer.size());
    return buffer.data();
}

bool Ip::multicast() const {
    if (v6) return octets[0] == 0xff;
    if (octets[0] >= 224 && octets[0] < 240) return true;
    return octets[0] == 255 && octets[1] == 255 && octets[2] == 255 && octets[3] == 255;
}

Mac multicast_mac(const Ip& group) {
    Mac mac = kBroadcastMac;
    if (group.v6) {
        mac.octets = {0x33, 0x33, group.octets[12], group.octets[13], group.octets[14], group.octets[15]};
    } else if (group.octets[0] < 240) {
        mac.octets = {1, 0, 0x5e, static_cast<std::uint8_t>(group.octets[1] & 0x7f), group.octets[2], group.octets[3]};
    }
    return mac;
}

Ip link_local(const Mac& mac) {
    Ip ip;
    ip.v6 = true;
    const auto& m = mac.octets;
    ip.octets = {0xfe, 0x80, 0,    0,    0,    0,    0,   0, static_cast<std::uint8_t>(m[0] ^ 2),
                 m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]};
    return ip;
}

Ip with_prefix(const Ip& prefix64, const Ip& interface_id) {
    Ip ip = interface_id;
    std::copy_n(prefix64.octets.begin(), 8, ip.octets.begin());
    return ip;
}

}  // namespace telltale::support
