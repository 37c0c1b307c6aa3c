// SPDX-License-Identifier: Apache-2.0
// What devices say in small protocols, at the start of a conversation or to their neighbours.
#include "tests/golden/cases/cases.h"
#include "tests/support/device_messages.h"
#include "tests/support/tls_hello.h"
#include "tests/support/tls_server.h"

namespace telltale::support::golden {
namespace {

TimedFrame datagram(std::uint16_t source, std::uint16_t destination, const Bytes& message, std::uint64_t at = kStart) {
    return Packet()
        .ethernet(kPhone, kRouter)
        .ip(kPhoneIp, kServerIp)
        .udp(source, destination)
        .payload(message)
        .at(at)
        .frame();
}

Frames conversation(std::uint16_t port, const Bytes& client, const Bytes& server) {
    Frames frames;
    Random random(6);
    TcpConversation tcp = talk(frames, port, kStart, random);
    tcp.handshake().client_sends(client);
    if (!server.empty()) tcp.server_sends(server);
    tcp.close();
    return frames;
}

}  // namespace

// A request and its answer, twice the same, a probe, and a claim of one's own address.
static Frames arp_case() {
    constexpr std::uint64_t kSecond = 1000 * kMs;
    const Mac everybody = "ff:ff:ff:ff:ff:ff", third = "64:cc:2e:10:20:31";
    const Ip third_ip = "192.168.7.21";
    const auto asks = [&](const Mac& sender, const Ip& own, const Ip& target, std::uint64_t at) {
        return Packet().ethernet(sender, everybody).arp_request(sender, own, target).at(kStart + at).frame();
    };
    const auto answers = [](std::uint64_t at) {
        return Packet()
            .ethernet(kRouter, kPhone)
            .arp_reply(kRouter, kRouterIp, kPhone, kPhoneIp)
            .at(kStart + at)
            .frame();
    };
    return {asks(kPhone, kPhoneIp, kRouterIp, 0),          answers(kMs),
            asks(kPhone, kPhoneIp, kRouterIp, kSecond),    answers(kSecond + kMs),
            asks(third, "0.0.0.0", third_ip, 2 * kSecond), asks(third, third_ip, third_ip, 3 * kSecond)};
}
static const Case kArp{"arp", arp_case};

// The same announcement twice, reported once.
static Frames lldp_case() {
    const Packet packet = Packet()
                              .ethernet(kRouter, "01:80:c2:00:00:0e")
                              .ether_type(0x88cc)
                              .payload(lldp_announcement("switch-3", "Example Switch, version 1"));
    return {Packet(packet).at(kStart).frame(), Packet(packet).at(kStart + 30'000 * kMs).frame()};
}
static const Case kLldp{"lldp", lldp_case};

static Frames cdp_case() {
    const Bytes frame = from_hex("aaaa03 00000c 2000") + cdp_announcement("switch-3", "example WS-1");
    return {Packet()
                .ethernet(kRouter, "01:00:0c:cc:cc:cc")
                .ether_type(static_cast<std::uint16_t>(frame.size()))
                .payload(frame)
                .at(kStart)
                .frame()};
}
static const Case kCdp{"cdp", cdp_case};

// In two fragments.
static Frames dtls_case() {
    Frames frames;
    for (const Bytes& piece : dtls_hello("telemetry.example.com", 60)) {
        frames.push_back(datagram(50000, 4433, piece, kStart + frames.size() * kMs));
    }
    return frames;
}
static const Case kDtls{"dtls", dtls_case};

// Over TCP with tls-auth, the hello over several packets; over UDP, encrypted.
static Frames openvpn_case() {
    Random random(9);
    const Bytes hello = client_hello(HelloStyle::iot_openssl, "vpn.example.com", random).records();
    Frames frames = conversation(1194, openvpn_stream(openvpn_client(hello, 100, 20)), {});
    const std::uint64_t later = kStart + 5'000 * kMs;
    for (const Bytes& packet : openvpn_encrypted_client()) frames.push_back(datagram(50001, 1194, packet, later));
    return frames;
}
static const Case kOpenvpn{"openvpn", openvpn_case};

// A keep-alive says nothing, an answer does.
static Frames stun_case() {
    return {datagram(50000, 3478, stun_binding()), Packet()
                                                       .ethernet(kRouter, kPhone)
                                                       .ip(kServerIp, kPhoneIp)
                                                       .udp(3478, 50000)
                                                       .payload(stun_unauthorized("turn.example.com", "Coturn-4.5.2"))
                                                       .at(kStart + 20 * kMs)
                                                       .frame()};
}
static const Case kStun{"stun", stun_case};

static Frames coap_case() { return {datagram(50000, 5683, coap_get("coap.example.com", {"v1", "report"}))}; }
static const Case kCoap{"coap", coap_case};
static Frames miio_case() {
    return {datagram(50000, 54321, miio_hello()), datagram(54321, 50000, miio_answer(65347418), kStart + 5 * kMs)};
}
static const Case kMiio{"miio", miio_case};
static Frames tuya_case() {
    return {datagram(49154, 6666, tuya_announcement("bf1234", "keyabc")),
            datagram(49155, 6667, tuya_announcement("bf5678", "keydef", TuyaSecrecy::blocks)),
            datagram(49156, 6667, tuya_announcement("bf9abc", "keyghi", TuyaSecrecy::sealed))};
}
static const Case kTuya{"tuya", tuya_case};
static Frames ssh_case() {
    return conversation(22, to_bytes("SSH-2.0-dropbear_2019.78\r\n"), to_bytes("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
}
static const Case kSsh{"ssh", ssh_case};
// A name that the client keeps for itself is in the server's certificate.
static Frames tls_server_case() {
    Random random(7);
    const Bytes hello = ClientHello(random).cipher_suites({0xc02f}).records();
    const CertificateNames names{.subject = "*.account.xiaomi.com",
                                 .dns_names = {"*.account.xiaomi.com", "account.xiaomi.com"}};
    const Bytes messages =
        server_hello(0x0303, 0xc02f) + certificate_message({certificate(names)}) + server_hello_done();
    return conversation(443, hello, handshake_records(messages, 500));
}
static const Case kTlsServer{"tls_server", tls_server_case};
static Frames mqtt_case() { return conversation(1883, mqtt_connect("sensor-7", "user-1"), from_hex("20020000")); }
static const Case kMqtt{"mqtt", mqtt_case};
static Frames xmpp_case() {
    return conversation(5222,
                        to_bytes("<?xml version='1.0'?><stream:stream to='xmpp.example.com' version='1.0' "
                                 "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"),
                        to_bytes("<stream:stream from='xmpp.example.com' id='1' xmlns='jabber:client'>"));
}
static const Case kXmpp{"xmpp", xmpp_case};
static Frames mipush_case() {
    return conversation(5222, mipush_connect("Redmi Note 9", "V12.5.1.0", "a-0123456789ABCDEF"), {});
}
static const Case kMipush{"mipush", mipush_case};

}  // namespace telltale::support::golden
