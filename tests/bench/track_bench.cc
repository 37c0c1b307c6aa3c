// SPDX-License-Identifier: Apache-2.0
// Look-up of open flows in batches, in random order: time is per packet.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "sensor/track/tracker.h"

namespace telltale::track {
namespace {

constexpr std::int64_t kStartNs = 1'700'000'040 * base::kSecondNs;

model::PacketView udp_packet(const model::Frame& frame, std::uint32_t client) {
    model::PacketView view;
    view.frame = &frame;
    view.network = model::Network::ipv4;
    const std::uint8_t source[4] = {10, static_cast<std::uint8_t>(client >> 16), static_cast<std::uint8_t>(client >> 8),
                                    static_cast<std::uint8_t>(client)};
    const std::uint8_t destination[4] = {192, 0, 2, 1};
    view.source = model::IpAddress::v4(source);
    view.destination = model::IpAddress::v4(destination);
    view.protocol = model::kProtocolUdp;
    view.has_ports = true;
    view.source_port = 40000;
    view.destination_port = 443;
    view.ip_length = 200;
    view.payload_length = 172;
    return view;
}

void track_hit(benchmark::State& state) {
    const auto flows = static_cast<std::uint32_t>(state.range(0));
    const bool prepare = state.range(1) != 0;
    TrackerConfig config;
    config.hash_key = {1, 2};
    Tracker tracker(config);
    model::RecordBuffer out(256 * 1024);
    model::Frame frame;
    frame.timestamp_ns = kStartNs;
    frame.order = model::Order::of_frame(1);
    tracker.advance(kStartNs, model::Order::of_frame(1).step_before());
    model::Direction direction{};
    for (std::uint32_t i = 0; i < flows; ++i) {
        out.clear();
        tracker.track(udp_packet(frame, i), direction, out);
    }
    std::mt19937 random(1);
    std::vector<model::PacketView> packets;
    for (std::uint32_t i = 0; i < 32 * 1024; ++i)
        packets.push_back(udp_packet(frame, static_cast<std::uint32_t>(random()) % flows));
    std::size_t at = 0;
    out.clear();
    for (auto _ : state) {
        const std::span<const model::PacketView> batch(&packets[at], model::kBatchFrames);
        if (prepare) tracker.prepare(batch);
        for (const model::PacketView& packet : batch) {
            benchmark::DoNotOptimize(tracker.track(packet, direction, out));
        }
        at = (at + model::kBatchFrames) % packets.size();
    }
    const double packets_done = static_cast<double>(state.iterations()) * static_cast<double>(model::kBatchFrames);
    state.counters["per_packet"] =
        benchmark::Counter(packets_done, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(model::kBatchFrames));
}
BENCHMARK(track_hit)->ArgNames({"flows", "prepared"})->ArgsProduct({{1, 10'000, 100'000}, {0, 1}});

// A flow of one packet each: open, evict, two records.
void track_open_and_evict(benchmark::State& state) {
    TrackerConfig config;
    config.hash_key = {1, 2};
    Tracker tracker(config);
    model::RecordBuffer out(256 * 1024);
    model::Frame frame;
    frame.timestamp_ns = kStartNs;
    frame.order = model::Order::of_frame(1);
    tracker.advance(kStartNs, model::Order::of_frame(1).step_before());
    model::Direction direction{};
    std::uint32_t client = 0;
    for (; client < tracker.capacity(); ++client) {
        out.clear();
        tracker.track(udp_packet(frame, client), direction, out);
    }
    for (auto _ : state) {
        out.clear();
        client = (client + 1) & 0xffffff;
        benchmark::DoNotOptimize(tracker.track(udp_packet(frame, client), direction, out));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(track_open_and_evict);

// A message of 16 KB in segments of this size, assembled in a buffer.
void stream_assemble(benchmark::State& state) {
    const auto step = static_cast<std::size_t>(state.range(0));
    StreamAssembler streams(16, 20 * 1024);
    const std::vector<std::uint8_t> message(16 * 1024, 'x');
    for (auto _ : state) {
        StreamState stream;
        for (std::size_t at = 0; at < message.size(); at += step) {
            const base::Bytes segment = base::Bytes(message).subspan(at, std::min(step, message.size() - at));
            const base::Bytes bytes = streams.offer(stream, static_cast<std::uint32_t>(at), segment,
                                                    static_cast<std::uint32_t>(segment.size()));
            if (!bytes.empty()) streams.keep(stream, message.size());
        }
        streams.stop(stream);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(message.size()));
}
BENCHMARK(stream_assemble)->ArgName("segment")->Arg(1)->Arg(1400);

}  // namespace
}  // namespace telltale::track
