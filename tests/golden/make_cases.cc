// SPDX-License-Identifier: Apache-2.0
// Makes the captures of the golden cases, one small conversation each: telltale-golden-cases FOLDER writes
// FOLDER/<case>/capture.pcap. The same bytes every time. Each case has a README.md.
#include <filesystem>
#include <iostream>

#include "tests/golden/cases/cases.h"

namespace telltale::support::golden {

TcpConversation talk(Frames& frames, std::uint16_t server_port, std::uint64_t at, Random& random) {
    return {[&frames](TimedFrame&& frame) { frames.push_back(std::move(frame)); }, TcpEnd{kPhone, kPhoneIp, 50000},
            TcpEnd{kRouter, kServerIp, server_port}, at, random};
}

namespace {

struct Case {
    const char* name;
    Frames (*make)();
};

constexpr Case kCases[] = {
    {"cdp", cdp_case},         {"coap", coap_case},
    {"dhcp", dhcp_case},       {"dhcpv6", dhcpv6_case},
    {"dns", dns_case},         {"dtls", dtls_case},
    {"http", http_case},       {"http2", http2_case},
    {"lldp", lldp_case},       {"miio", miio_case},
    {"mipush", mipush_case},   {"mqtt", mqtt_case},
    {"nbns", nbns_case},       {"ndp", ndp_case},
    {"openvpn", openvpn_case}, {"quic", quic_case},
    {"ssdp", ssdp_case},       {"ssh", ssh_case},
    {"stun", stun_case},       {"tcp_syn", tcp_syn_case},
    {"tls", tls_case},         {"tls_server", tls_server_case},
    {"tunnel", tunnel_case},   {"tuya", tuya_case},
    {"xmpp", xmpp_case},
};

}  // namespace
}  // namespace telltale::support::golden

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: telltale-golden-cases FOLDER\n";
        return 2;
    }
    for (const auto& c : telltale::support::golden::kCases) {
        const std::filesystem::path folder = std::filesystem::path(argv[1]) / c.name;
        std::filesystem::create_directories(folder);
        telltale::support::write_capture_file((folder / "capture.pcap").string(), c.make());
    }
    return 0;
}
