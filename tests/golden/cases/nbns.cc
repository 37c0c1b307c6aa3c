// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cases/cases.h"
#include "tests/support/dns_message.h"
#include "tests/support/netbios_name.h"

namespace telltale::support::golden {

static Frames nbns_case() {
    Frames frames;
    const auto say = [&](const Ip& to, std::uint16_t source, std::uint16_t port, const Bytes& message,
                         std::uint64_t at) {
        frames.push_back(Packet()
                             .ethernet(kPhone, kBroadcastMac)
                             .ip(kPhoneIp, to)
                             .udp(source, port)
                             .payload(message)
                             .at(kStart + at * kMs)
                             .frame());
    };
    say("192.168.7.255", 137, 137, netbios_message("REDMI-NOTE", 0, {192, 168, 7, 20}), 0);
    say("224.0.0.252", 50001, 5355, DnsMessage(7).flags(0).question("drucker", DnsType::a).bytes(), 10);
    const DnsMessage announcement = DnsMessage(0)
                                        .flags(0x8400)
                                        .ptr("_miio._udp.local", "Flur._miio._udp.local", 120)
                                        .additional()
                                        .srv("Flur._miio._udp.local", "Redmi-Note.local", 54321, 120)
                                        .txt("Flur._miio._udp.local", {"model=note", "poch=0"}, 4500)
                                        .answer("Redmi-Note.local", kPhoneIp, 120);
    say("224.0.0.251", 5353, 5353, announcement.bytes(), 20);
    return frames;
}
static const Case kNbns{"nbns", nbns_case};

}  // namespace telltale::support::golden
