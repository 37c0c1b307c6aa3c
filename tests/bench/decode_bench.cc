// SPDX-License-Identifier: Apache-2.0
// Cost of decode a packet, in batches as a worker takes them, over packets that lie apart in memory.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "sensor/decode/affinity.h"
#include "sensor/decode/checksum.h"
#include "sensor/decode/decode.h"
#include "sensor/decode/defragmenter.h"
#include "tests/support/packet_builder.h"

namespace telltale::decode {
namespace {

using support::Packet;

constexpr std::size_t kFrames = 4096;  // with their slots 8 MiB: beyond the second cache
constexpr std::size_t kSlotBytes = 2048;

Packet ethernet() { return Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02"); }
Packet tcp4() {
    return ethernet().ipv4("10.0.0.1", "192.0.2.7").tcp(40000, 443).timestamps(1, 2).payload(support::Bytes(1200, 7));
}
Packet udp4() { return ethernet().ipv4("10.0.0.1", "192.0.2.7").udp(40000, 53).payload(support::Bytes(60, 7)); }
Packet tcp6_tagged() { return ethernet().qinq(10, 20).ipv6("2001:db8::1", "2001:db8::2").hop_by_hop().tcp(40000, 443); }

class Traffic {
  public:
    explicit Traffic(const std::vector<Packet>& packets) : storage_(new std::uint8_t[kFrames * kSlotBytes]) {
        std::vector<support::Bytes> bytes;
        for (const Packet& packet : packets) bytes.push_back(packet.bytes());
        for (std::size_t i = 0; i < kFrames; ++i) {
            const support::Bytes& one = bytes[i % bytes.size()];
            model::Frame frame;
            frame.data = storage_.get() + i * kSlotBytes;
            std::copy(one.begin(), one.end(), storage_.get() + i * kSlotBytes);
            frame.captured_length = frame.wire_length = static_cast<std::uint32_t>(one.size());
            frames.push_back(frame);
        }
    }
    std::vector<model::Frame> frames;

  private:
    std::unique_ptr<std::uint8_t[]> storage_;
};

void decode_frames(benchmark::State& state, const std::vector<Packet>& packets) {
    const Traffic traffic(packets);
    std::array<model::PacketView, model::kBatchFrames> views;
    DecodeCounters counters;
    std::size_t at = 0;
    for (auto _ : state) {
        decode_batch(std::span(traffic.frames).subspan(at, model::kBatchFrames), views, counters);
        benchmark::DoNotOptimize(views.data());
        benchmark::ClobberMemory();
        at = (at + model::kBatchFrames) % kFrames;
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(model::kBatchFrames));
}

void BM_DecodeTcp4(benchmark::State& state) { decode_frames(state, {tcp4()}); }
void BM_DecodeUdp4(benchmark::State& state) { decode_frames(state, {udp4()}); }
void BM_DecodeTcp6QinqHopByHop(benchmark::State& state) { decode_frames(state, {tcp6_tagged()}); }
void BM_DecodeMixed(benchmark::State& state) {
    decode_frames(state, {tcp4(), udp4(), tcp4(), tcp6_tagged(), tcp4(),
                          ethernet().arp_request("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2")});
}

void BM_AffinityHash(benchmark::State& state) {
    const Traffic traffic({tcp4(), udp4()});
    std::size_t at = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(affinity_hash(traffic.frames[at], base::HashKey{1, 2}));
        at = (at + 1) % kFrames;
    }
    state.SetItemsProcessed(state.iterations());
}

void BM_TransportChecksum(benchmark::State& state) {
    const Traffic traffic({tcp4()});
    model::PacketView view;
    DecodeCounters counters;
    decode(traffic.frames[0], view, counters);
    for (auto _ : state) benchmark::DoNotOptimize(transport_checksum_ok(view));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(view.payload.size()));
}

// Measures the cost per frame of looking for fragments.
void look_for_fragments(benchmark::State& state, const std::vector<Packet>& packets) {
    const Traffic traffic(packets);
    for (auto _ : state) {
        std::size_t fragments = 0;
        for (const model::Frame& frame : std::span(traffic.frames).first(model::kBatchFrames)) {
            fragments += may_be_fragment(frame) ? 1U : 0U;
        }
        benchmark::DoNotOptimize(fragments);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(model::kBatchFrames));
}
void BM_MayBeFragmentIpv4(benchmark::State& state) { look_for_fragments(state, {tcp4(), udp4()}); }
void BM_MayBeFragmentTagged(benchmark::State& state) {
    look_for_fragments(state, {ethernet().qinq(10, 20).ipv6("2001:db8::1", "2001:db8::2").tcp(40000, 443)});
}

// A datagram in two fragments.
void BM_Defragment(benchmark::State& state) {
    const Packet head = ethernet().ipv4("10.0.0.1", "192.0.2.7").ip_id(1);
    const Traffic traffic({Packet(head).fragment(0, true).ip_protocol(17).payload(support::Bytes(1480, 7)),
                           Packet(head).fragment(1480, false).ip_protocol(17).payload(support::Bytes(320, 7))});
    DefragmenterConfig config;
    config.hash_key = {1, 2};
    Defragmenter defragmenter(config);
    std::size_t at = 0;
    for (auto _ : state) {
        model::Frame whole;
        benchmark::DoNotOptimize(defragmenter.offer(traffic.frames[at], whole));
        benchmark::DoNotOptimize(defragmenter.offer(traffic.frames[at + 1], whole));
        defragmenter.recycle();
        at = (at + 2) % kFrames;
    }
    state.SetItemsProcessed(state.iterations() * 2);
    state.SetBytesProcessed(state.iterations() * 1800);
}

BENCHMARK(BM_MayBeFragmentIpv4);
BENCHMARK(BM_MayBeFragmentTagged);
BENCHMARK(BM_Defragment);
BENCHMARK(BM_DecodeTcp4);
BENCHMARK(BM_DecodeUdp4);
BENCHMARK(BM_DecodeTcp6QinqHopByHop);
BENCHMARK(BM_DecodeMixed);
BENCHMARK(BM_AffinityHash);
BENCHMARK(BM_TransportChecksum);

}  // namespace
}  // namespace telltale::decode
