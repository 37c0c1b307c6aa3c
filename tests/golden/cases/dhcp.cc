// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cases/cases.h"
#include "tests/support/dhcp_message.h"

namespace telltale::support::golden {

static Frames dhcp_case() {
    Frames frames;
    const std::vector<std::uint8_t> wanted{1, 3, 6, 15, 26, 28, 51, 58, 59, 43};
    auto client = [&](DhcpType type) {
        return DhcpMessage(type, 0x1234, kPhone)
            .host_name("Redmi-Note")
            .vendor_class("android-dhcp-10")
            .parameter_list(wanted)
            .client_id();
    };
    auto send = [&](const DhcpMessage& message, std::uint64_t at) {
        frames.push_back(Packet()
                             .ethernet(kPhone, kBroadcastMac)
                             .ip("0.0.0.0", "255.255.255.255")
                             .udp(68, 67)
                             .payload(message.bytes())
                             .at(at)
                             .frame());
    };
    auto answer = [&](DhcpType type, std::uint64_t at) {
        const Bytes message =
            DhcpMessage(type, 0x1234, kPhone).reply().your_address(kPhoneIp).server_id(kRouterIp).bytes();
        frames.push_back(
            Packet().ethernet(kRouter, kPhone).ip(kRouterIp, kPhoneIp).udp(67, 68).payload(message).at(at).frame());
    };
    send(client(DhcpType::discover), kStart);
    answer(DhcpType::offer, kStart + 5 * kMs);
    send(client(DhcpType::request).requested_address(kPhoneIp).server_id(kRouterIp), kStart + 9 * kMs);
    answer(DhcpType::ack, kStart + 14 * kMs);
    return frames;
}
static const Case kDhcp{"dhcp", dhcp_case};

}  // namespace telltale::support::golden
