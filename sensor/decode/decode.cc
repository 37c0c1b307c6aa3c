// SPDX-License-Identifier: Apache-2.0
#include "sensor/decode/decode.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

// How far ahead headers are prefetched: far enough to cover a miss, near enough to stay in the first-level cache.
constexpr std::size_t kPrefetchFrames = 4;
constexpr std::size_t kCacheLine = 64;

// Headers of tagged IPv6, and of TCP with options, extend into the second line.
inline void prefetch_headers(const model::Frame& frame) {
    __builtin_prefetch(frame.data);
    __builtin_prefetch(frame.data + std::min<std::size_t>(kCacheLine, frame.captured_length));
}

}  // namespace

std::uint64_t DecodeCounters::frames() const {
    return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0});
}

std::uint64_t DecodeCounters::malformed_frames() const {
    std::uint64_t sum = 0;
    for (const DecodeOutcome outcome : base::enumerators<DecodeOutcome>()) {
        if (malformed(outcome)) sum += outcomes[outcome];
    }
    return sum;
}

DecodeOutcome decode(const model::Frame& frame, model::PacketView& view, DecodeCounters& counters, unsigned tunnels) {
    view = model::PacketView{};
    view.frame = &frame;
    if (frame.reassembled) [[unlikely]] {
        ++counters.reassembled_datagrams;
        DecodeCounters uncounted;  // because its fragments were counted
        Layers layers(frame, view, uncounted, tunnels);
        const DecodeOutcome outcome = read_link(layers, frame.link);
        view.sender_mac = layers.sender_mac(view);
        return outcome;
    }
    Layers layers(frame, view, counters, tunnels);
    const DecodeOutcome outcome = read_link(layers, frame.link);
    view.sender_mac = layers.sender_mac(view);
    counters.tunnelled_packets += view.tunnels != 0 ? 1U : 0U;
    ++counters.outcomes[outcome];
    counters.snapped_frames += frame.wire_length > frame.captured_length ? 1U : 0U;
    return outcome;
}

void decode_batch(std::span<const model::Frame> frames, std::span<model::PacketView> views, DecodeCounters& counters,
                  unsigned tunnels) {
    assert(views.size() >= frames.size());
    const std::size_t count = frames.size();
    for (std::size_t i = 0; i < count && i < kPrefetchFrames; ++i) prefetch_headers(frames[i]);
    for (std::size_t i = 0; i < count; ++i) {
        if (i + kPrefetchFrames < count) prefetch_headers(frames[i + kPrefetchFrames]);
        decode(frames[i], views[i], counters, tunnels);
    }
}

}  // namespace telltale::decode
