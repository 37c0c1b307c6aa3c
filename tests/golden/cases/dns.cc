// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "tests/golden/cases/cases.h"
#include "tests/support/dns_message.h"

namespace telltale::support::golden {
namespace {

void add_dns(Frames& frames, std::uint64_t at, const DnsMessage& query, const DnsMessage& answer) {
    frames.push_back(Packet()
                         .ethernet(kPhone, kRouter)
                         .ip(kPhoneIp, kRouterIp)
                         .udp(40001, 53)
                         .payload(query.bytes())
                         .at(at)
                         .frame());
    frames.push_back(Packet()
                         .ethernet(kRouter, kPhone)
                         .ip(kRouterIp, kPhoneIp)
                         .udp(53, 40001)
                         .payload(answer.bytes())
                         .at(at + 20 * kMs)
                         .frame());
}

}  // namespace

static Frames dns_case() {
    Frames frames;
    const std::string name = "tracking.intl.miui.com", alias = "tracking.example-hosting.net";
    add_dns(frames, kStart, DnsMessage(7).question(name, DnsType::a),
            DnsMessage(7).response().question(name, DnsType::a).cname(name, alias, 300).answer(alias, kServerIp, 60));
    add_dns(frames, kStart + 100 * kMs, DnsMessage(8).question(name, DnsType::aaaa),
            DnsMessage(8)
                .response()
                .question(name, DnsType::aaaa)
                .cname(name, alias, 300)
                .answer(alias, "2001:db8::7", 60));
    add_dns(frames, kStart + 200 * kMs, DnsMessage(9).question("nothing.example", DnsType::a),
            DnsMessage(9).response().rcode(3).question("nothing.example", DnsType::a));
    // A flow that nothing names but the answer above.
    Random random(1);
    talk(frames, 5222, kStart + 500 * kMs, random).handshake().client_sends(Bytes(300, 0xc2)).close();
    return frames;
}
static const Case kDns{"dns", dns_case};

}  // namespace telltale::support::golden
