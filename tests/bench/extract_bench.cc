// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "sensor/extract/extractors.h"
#include "tests/support/device_messages.h"
#include "tests/support/dhcp_message.h"
#include "tests/support/dhcpv6_message.h"
#include "tests/support/dns_message.h"
#include "tests/support/http2_request.h"
#include "tests/support/http_message.h"
#include "tests/support/netbios_name.h"
#include "tests/support/quic_initial.h"
#include "tests/support/random.h"
#include "tests/support/tls_hello.h"
#include "tests/support/tls_server.h"

namespace telltale::extract {
namespace {

using support::Bytes;

Bytes hello(support::HelloStyle style, std::size_t fragment = 16384) {
    support::Random random(1);
    return support::client_hello(style, "telemetry.example.com", random).records(fragment);
}

Bytes request() {
    return support::HttpRequest{
        .target = "/v1/report?id=12345678",
        .host = "telemetry.example.com",
        .user_agent = "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36",
        .headers = {{"Accept", "*/*"}, {"Accept-Encoding", "gzip"}, {"Connection", "keep-alive"}}}
        .bytes();
}

// A fresh stream for every message, as at the start of a flow.
void read_stream(benchmark::State& state, const Bytes& bytes) {
    Extractors extractors;
    model::RecordBuffer out(16 * model::kMaxRecordBytes);
    model::RecordHeader origin;
    origin.key.port_b = 443;
    for (auto _ : state) {
        ExtractState flow;
        benchmark::DoNotOptimize(extractors.stream(origin, bytes, false, flow, out));
        out.clear();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * state.iterations());
}

// The same in segments, each offered with all before it.
void read_segments(benchmark::State& state, const Bytes& bytes, std::size_t segment) {
    Extractors extractors;
    model::RecordBuffer out(16 * model::kMaxRecordBytes);
    const base::Bytes stream(bytes);
    for (auto _ : state) {
        ExtractState flow;
        for (std::size_t end = 0; end < stream.size();) {
            end = std::min(end + segment, stream.size());
            benchmark::DoNotOptimize(extractors.stream({}, stream.first(end), false, flow, out));
        }
        out.clear();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * state.iterations());
}

void read_datagram(benchmark::State& state, const Bytes& bytes, std::uint16_t port, std::uint16_t other = 40000) {
    Extractors extractors;
    model::RecordBuffer out(16 * model::kMaxRecordBytes);
    model::PacketView packet;
    packet.has_ports = true;
    packet.source_port = port;
    packet.destination_port = other;
    packet.payload = bytes;
    packet.payload_length = static_cast<std::uint32_t>(bytes.size());
    for (auto _ : state) {
        ExtractState flow;
        benchmark::DoNotOptimize(extractors.datagram({}, packet, flow, out));
        out.clear();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * state.iterations());
}

void TlsHello(benchmark::State& state) { read_stream(state, hello(support::HelloStyle::android_modern)); }
void TlsHelloPostQuantum(benchmark::State& state) { read_stream(state, hello(support::HelloStyle::chrome)); }
void TlsHelloSmallRecords(benchmark::State& state) { read_stream(state, hello(support::HelloStyle::chrome, 16)); }
void TlsHelloByteByByte(benchmark::State& state) { read_segments(state, hello(support::HelloStyle::chrome), 1); }
void HttpRequest(benchmark::State& state) { read_stream(state, request()); }
void Http2Request(benchmark::State& state) {
    read_stream(state, support::http2_connection(support::http2_block({{":method", "GET"},
                                                                       {":authority", "api.example.com"},
                                                                       {":path", "/v1/report"},
                                                                       {"user-agent", "okhttp/4.9"}})));
}
void HttpRequestByteByByte(benchmark::State& state) { read_segments(state, request(), 1); }
void UnknownStream(benchmark::State& state) { read_stream(state, support::to_bytes(std::string(1400, 'x'))); }
void DnsQuery(benchmark::State& state) {
    read_datagram(state, support::DnsMessage(1).question("telemetry.example.com", support::DnsType::a).bytes(), 53);
}
void DnsResponse(benchmark::State& state) {
    read_datagram(state,
                  support::DnsMessage(1)
                      .response()
                      .question("telemetry.example.com", support::DnsType::a)
                      .cname("telemetry.example.com", "telemetry.cdn.example.net", 300)
                      .answer("telemetry.cdn.example.net", "192.0.2.7", 60)
                      .answer("telemetry.cdn.example.net", "192.0.2.8", 60)
                      .bytes(),
                  53);
}
void DhcpRequest(benchmark::State& state) {
    read_datagram(state,
                  support::DhcpMessage(support::DhcpType::request, 1, "02:00:00:00:00:05")
                      .client_id()
                      .requested_address("10.0.0.9")
                      .vendor_class("android-dhcp-14")
                      .host_name("Pixel-7")
                      .parameter_list(Bytes{1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108})
                      .bytes(),
                  67);
}

void DnsMulticast(benchmark::State& state) {
    read_datagram(state,
                  support::DnsMessage(0)
                      .flags(0x8400)
                      .ptr("_ipp._tcp.local", "Office._ipp._tcp.local", 120)
                      .srv("Office._ipp._tcp.local", "printer.local", 631, 120)
                      .answer("printer.local", "192.0.2.7", 120)
                      .bytes(),
                  5353);
}
void NbnsName(benchmark::State& state) { read_datagram(state, support::netbios_message("WORKGROUP", 0x1d), 137); }
void Dhcpv6Solicit(benchmark::State& state) {
    read_datagram(state, support::Dhcpv6Message(1, 7).client(Bytes(6, 2)).wants({23, 24, 39}).bytes(), 547);
}
void SsdpNotify(benchmark::State& state) {
    read_datagram(state,
                  support::to_bytes("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nSERVER: a/1 UPnP/1.0 b/2\r\n"
                                    "NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN: uuid:1\r\n\r\n"),
                  1900);
}
void TcpSyn(benchmark::State& state) {
    Extractors extractors;
    model::RecordBuffer out(2 * model::kMaxRecordBytes);
    const Bytes options = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7};
    model::PacketView packet;
    packet.tcp_options = options;
    for (auto _ : state) {
        benchmark::DoNotOptimize(extractors.packet({}, Transport::syn, packet, out));
        out.clear();
    }
}

void NdpAdvertisement(benchmark::State& state) {
    Extractors extractors;
    model::RecordBuffer out(2 * model::kMaxRecordBytes);
    Bytes message = {136, 0, 0, 0, 0x60, 0, 0, 0};
    const Bytes target = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
    const Bytes target_mac = {2, 1, 2, 0, 0, 0, 0, 9};
    message.insert(message.end(), target.begin(), target.end());
    message.insert(message.end(), target_mac.begin(), target_mac.end());
    model::PacketView packet;
    packet.ttl = 255;
    packet.source = model::IpAddress::v6(target.data());
    packet.payload = message;
    packet.payload_length = static_cast<std::uint32_t>(message.size());
    for (auto _ : state) {
        benchmark::DoNotOptimize(extractors.packet({}, Transport::icmpv6, packet, out));
        out.clear();
    }
}

void QuicInitial(benchmark::State& state) {
    const Bytes record = hello(support::HelloStyle::android_modern);
    const Bytes handshake(record.begin() + 5, record.end());
    read_datagram(state, support::QuicInitial{}.packet(handshake, {{0, handshake.size()}}), 443);
}
void QuicGoogleHello(benchmark::State& state) {
    read_datagram(state, support::google_hello("Q043", "www.example.com", "Chrome/72"), 443);
}
void TlsServerAnswer(benchmark::State& state) {
    using support::operator+;
    read_stream(state, support::handshake_records(support::server_hello(0x0303, 0xc02f, "h2") +
                                                  support::certificate_message({support::certificate()})));
}
void DtlsHello(benchmark::State& state) { read_datagram(state, support::dtls_hello("telemetry.example.com")[0], 4433); }
void OpenvpnHello(benchmark::State& state) {
    support::Random random(1);
    const Bytes hello = support::client_hello(support::HelloStyle::iot_openssl, "vpn.example.com", random).records();
    read_stream(state, support::openvpn_stream(support::openvpn_client(hello, 100, 20)));
}
void StunAnswer(benchmark::State& state) {
    read_datagram(state, support::stun_unauthorized("turn.example.com", "Coturn-4.5.2"), 3478);
}
void CoapGet(benchmark::State& state) {
    read_datagram(state, support::coap_get("coap.example.com", {"v1", "report"}), 40000, 5683);
}
void MiioAnswer(benchmark::State& state) { read_datagram(state, support::miio_answer(7), 54321); }
void TuyaAnnouncement(benchmark::State& state) {
    read_datagram(state, support::tuya_announcement("bf1234", "keyabc"), 49154, 6666);
}
void TuyaSealedAnnouncement(benchmark::State& state) {
    read_datagram(state, support::tuya_announcement("bf1234", "keyabc", support::TuyaSecrecy::sealed), 49154, 6667);
}
void SshIdentification(benchmark::State& state) { read_stream(state, support::to_bytes("SSH-2.0-OpenSSH_9.2p1\r\n")); }
void MqttConnect(benchmark::State& state) { read_stream(state, support::mqtt_connect("sensor-7", "user-1")); }
void XmppStream(benchmark::State& state) {
    read_stream(state, support::to_bytes("<?xml version='1.0'?><stream:stream to='xmpp.example.com' version='1.0'>"));
}
void MipushConnect(benchmark::State& state) { read_stream(state, support::mipush_connect("Redmi", "V12", "a-0123")); }
void read_frame(benchmark::State& state, const Bytes& payload, std::uint16_t ether_type, std::uint32_t organisation) {
    Extractors extractors;
    model::RecordBuffer out(2 * model::kMaxRecordBytes);
    model::PacketView packet;
    packet.ether_type = ether_type;
    packet.snap_organisation = organisation;
    packet.payload = payload;
    packet.payload_length = static_cast<std::uint32_t>(payload.size());
    for (auto _ : state) {
        benchmark::DoNotOptimize(extractors.packet({}, Transport::link, packet, out));
        out.clear();
    }
}
void ArpReply(benchmark::State& state) {
    Extractors extractors;
    model::RecordBuffer out(2 * model::kMaxRecordBytes);
    model::PacketView packet;
    packet.network = model::Network::arp;
    packet.arp_operation = 2;
    packet.arp_sender_mac = *model::parse_mac("00:5f:67:00:00:01");
    packet.source = *model::parse_ip("192.168.7.1");
    for (auto _ : state) {
        benchmark::DoNotOptimize(extractors.packet({}, Transport::arp, packet, out));
        out.clear();
    }
}
void LldpAnnouncement(benchmark::State& state) {
    read_frame(state, support::lldp_announcement("switch-3", "Example Switch"), 0x88cc, 0);
}
void CdpAnnouncement(benchmark::State& state) {
    read_frame(state, support::cdp_announcement("switch-3", "example WS-1"), 0x2000, 0x00000c);
}

BENCHMARK(TlsHello);
BENCHMARK(TlsHelloPostQuantum);
BENCHMARK(TlsHelloSmallRecords);
BENCHMARK(TlsHelloByteByByte);
BENCHMARK(HttpRequest);
BENCHMARK(Http2Request);
BENCHMARK(HttpRequestByteByByte);
BENCHMARK(UnknownStream);
BENCHMARK(DnsQuery);
BENCHMARK(DnsResponse);
BENCHMARK(DhcpRequest);
BENCHMARK(DnsMulticast);
BENCHMARK(NbnsName);
BENCHMARK(Dhcpv6Solicit);
BENCHMARK(SsdpNotify);
BENCHMARK(TcpSyn);
BENCHMARK(NdpAdvertisement);
BENCHMARK(QuicInitial);
BENCHMARK(QuicGoogleHello);
BENCHMARK(TlsServerAnswer);
BENCHMARK(DtlsHello);
BENCHMARK(OpenvpnHello);
BENCHMARK(StunAnswer);
BENCHMARK(CoapGet);
BENCHMARK(MiioAnswer);
BENCHMARK(TuyaAnnouncement);
BENCHMARK(TuyaSealedAnnouncement);
BENCHMARK(SshIdentification);
BENCHMARK(MqttConnect);
BENCHMARK(XmppStream);
BENCHMARK(MipushConnect);
BENCHMARK(ArpReply);
BENCHMARK(LldpAnnouncement);
BENCHMARK(CdpAnnouncement);

}  // namespace
}  // namespace telltale::extract
