// SPDX-License-Identifier: Apache-2.0
// Makes the captures of the golden cases, one small conversation each: telltale-golden-cases FOLDER writes
// FOLDER/<case>/capture.pcap. The same bytes every time. What a case is about stands in its README.md.
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "tests/support/capture_writer.h"
#include "tests/support/dhcp_message.h"
#include "tests/support/dns_message.h"
#include "tests/support/http_message.h"
#include "tests/support/packet_builder.h"
#include "tests/support/random.h"
#include "tests/support/tcp_conversation.h"
#include "tests/support/tls_hello.h"

namespace telltale::support {
namespace {

constexpr std::uint64_t kStart = 1'772'000'000'000'000'000;  // 2026-02-25 06:13:20 UTC
constexpr std::uint64_t kMs = 1'000'000;
const Mac kPhone = "64:cc:2e:10:20:30";  // a prefix registered to Xiaomi
const Mac kRouter = "00:5f:67:00:00:01";
const Ip kPhoneIp = "192.168.7.20", kRouterIp = "192.168.7.1", kServerIp = "47.74.139.176";

using Frames = std::vector<TimedFrame>;

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

TcpConversation talk(Frames& frames, std::uint16_t server_port, std::uint64_t at, Random& random) {
    return {[&frames](TimedFrame&& frame) { frames.push_back(std::move(frame)); }, TcpEnd{kPhone, kPhoneIp, 50000},
            TcpEnd{kRouter, kServerIp, server_port}, at, random};
}

Frames dhcp_case() {
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

Frames dns_case() {
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

Frames tls_case() {
    Frames frames;
    Random random(2);
    const Bytes hello = client_hello(HelloStyle::chrome, "api.ad.intl.xiaomi.com", random).records();
    talk(frames, 443, kStart, random).handshake().client_sends(hello).server_sends(Bytes(1200, 0x17)).close();
    return frames;
}

Frames http_case() {
    Frames frames;
    Random random(3);
    const HttpRequest first{.target = "/pass/user@id?type=MXPH",
                            .host = "api.account.xiaomi.com",
                            .user_agent = "Dalvik/1.6.0 (Linux; U; Android 4.3; HM 1SW MIUI/JHBMIBE37.0)"};
    const HttpRequest second{.method = "POST",
                             .target = "/v1",
                             .host = "api.account.xiaomi.com:80",
                             .user_agent = first.user_agent,
                             .body = Bytes(40, 'x')};
    talk(frames, 80, kStart, random)
        .handshake()
        .client_sends(first.bytes())
        .server_sends(HttpResponse{}.bytes())
        .client_sends(second.bytes())
        .server_sends(HttpResponse{}.bytes())
        .close();
    return frames;
}

struct Case {
    const char* name;
    std::function<Frames()> make;
};

int make_all(const std::filesystem::path& folder) {
    for (const Case& c :
         {Case{"dhcp", dhcp_case}, Case{"dns", dns_case}, Case{"tls", tls_case}, Case{"http", http_case}}) {
        std::filesystem::create_directories(folder / c.name);
        write_capture_file((folder / c.name / "capture.pcap").string(), c.make());
    }
    return 0;
}

}  // namespace
}  // namespace telltale::support

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: telltale-golden-cases FOLDER\n";
        return 2;
    }
    return telltale::support::make_all(argv[1]);
}
