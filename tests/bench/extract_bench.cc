// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "sensor/extract/extractors.h"
#include "tests/support/dhcp_message.h"
#include "tests/support/dns_message.h"
#include "tests/support/http_message.h"
#include "tests/support/random.h"
#include "tests/support/tls_hello.h"

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

void read_datagram(benchmark::State& state, const Bytes& bytes, std::uint16_t port) {
    Extractors extractors;
    model::RecordBuffer out(16 * model::kMaxRecordBytes);
    model::PacketView packet;
    packet.has_ports = true;
    packet.source_port = port;
    packet.destination_port = 40000;
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

BENCHMARK(TlsHello);
BENCHMARK(TlsHelloPostQuantum);
BENCHMARK(TlsHelloSmallRecords);
BENCHMARK(TlsHelloByteByByte);
BENCHMARK(HttpRequest);
BENCHMARK(HttpRequestByteByByte);
BENCHMARK(UnknownStream);
BENCHMARK(DnsQuery);
BENCHMARK(DnsResponse);
BENCHMARK(DhcpRequest);

}  // namespace
}  // namespace telltale::extract
