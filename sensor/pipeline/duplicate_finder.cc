// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/duplicate_finder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "sensor/model/ethernet.h"

namespace telltale::pipeline {
namespace {

constexpr std::size_t kIpv4Header = 20, kIpv6Header = 40;

// Offset of the IP packet; 0 if the frame carries none.
std::size_t ip_offset(const model::Frame& frame) {
    if (frame.link != model::LinkType::ethernet) return 0;
    const model::NetworkStart start = model::network_start(frame.bytes());
    return start.is_ip() && frame.captured_length >= start.offset + kIpv4Header ? start.offset : 0;
}

}  // namespace

DuplicateFinder::DuplicateFinder(base::HashKey key, std::int64_t window_ns, std::size_t slots)
    : key_(key), window_ns_(window_ns), slots_(std::bit_ceil(slots)) {}

bool DuplicateFinder::seen(const model::Frame& frame) {
    const std::size_t offset = ip_offset(frame);
    if (offset == 0) return false;
    // The packet's beginning, its length and its tap.
    std::array<std::uint64_t, kMostBytes / 8 + 2> words{};
    std::array<std::uint8_t, kMostBytes> head{};
    const std::size_t there = std::min<std::size_t>(frame.captured_length - offset, kMostBytes);
    std::memcpy(head.data(), frame.data + offset, there);
    std::size_t length = 0;  // without link padding
    if (head[0] >> 4 == 4) {
        length = base::u16_at(head, 2);
        head[8] = head[10] = head[11] = 0;
    } else {
        length = kIpv6Header + base::u16_at(head, 4);
        head[7] = 0;
    }
    if (length < there) std::memset(head.data() + length, 0, there - length);
    std::memcpy(words.data(), head.data(), head.size());
    words[kMostBytes / 8] = length;
    words.back() = frame.tap.value();
    const std::uint64_t hash = base::siphash13(key_, words) | 1;
    Slot& slot = slots_[static_cast<std::size_t>(hash >> 32) & (slots_.size() - 1)];
    const std::int64_t time_ns = frame.timestamp_ns;
    if (slot.hash == hash && time_ns - slot.time_ns <= window_ns_ && slot.time_ns - time_ns <= window_ns_) return true;
    slot = {hash, time_ns};
    return false;
}

}  // namespace telltale::pipeline
