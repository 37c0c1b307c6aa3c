// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"

namespace telltale::pipeline {

// Remembers what a worker has reported of senders, so that a MAC address, an IP address that it claims, or the way it
// opens connections makes one record instead of one per frame. Bounded: sets of four, where a new entry replaces the
// oldest; a repeated report is harmless. One per worker.
class SenderFilter {
  public:
    // At most this many bytes of a statement distinguish it from others.
    static constexpr std::size_t kMaxSaidBytes = 96;

    explicit SenderFilter(base::HashKey key, std::size_t sets = 8192) : key_(key), seen_(sets) {}

    // Returns true if this worker has not reported it, or has forgotten. `said` and `more`: the sender's statement, if
    // any.
    bool is_new(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address = {},
                base::Bytes said = {}, base::Bytes more = {}) {
        Packed packed{};
        std::memcpy(packed.data(), &segment, sizeof segment);
        std::memcpy(packed.data() + 8, mac.bytes.data(), mac.bytes.size());
        std::memcpy(packed.data() + 16, address.bytes.data(), address.bytes.size());
        std::size_t size = kFixedBytes;
        if (!said.empty()) {
            packed[7] = 1;
            for (const base::Bytes part : {said, more}) {
                const std::size_t taken = std::min(part.size(), packed.size() - size);
                if (taken != 0) std::memcpy(packed.data() + size, part.data(), taken);
                size += taken;
            }
        }
        std::uint64_t words[sizeof packed / 8];
        std::memcpy(words, packed.data(), sizeof packed);
        const std::size_t count = (size + 7) / 8;
        const std::uint64_t hash = base::siphash13(key_, std::span(words).first(count)) | 1;  // 0 is an empty place
        Set& set = seen_[static_cast<std::size_t>((hash >> 32) * seen_.size() >> 32)];
        if (std::find(set.begin(), set.end(), hash) != set.end()) return false;
        std::copy_backward(set.begin(), set.end() - 1, set.end());
        set.front() = hash;
        return true;
    }

    // Whether this sender was asked for lately: cheap enough for every frame. The next sender in its place forgets it.
    bool repeats(model::Segment segment, const model::MacAddress& mac) {
        const std::uint64_t sender = mac.number() ^ (segment.number() + std::uint64_t{1}) * 0x9e3779b97f4a7c15;
        std::uint64_t& place = recent_[static_cast<std::size_t>(sender * 0xd6e8feb86659fd93 >> (64 - kRecentBits))];
        return sender == std::exchange(place, sender);
    }

  private:
    static constexpr unsigned kRecentBits = 12;
    static constexpr std::size_t kFixedBytes = 32;
    using Packed = std::array<std::uint8_t, kFixedBytes + kMaxSaidBytes>;
    using Set = std::array<std::uint64_t, 4>;  // newest first

    base::HashKey key_;
    std::vector<Set> seen_;
    std::array<std::uint64_t, std::size_t{1} << kRecentBits> recent_{};
};

}  // namespace telltale::pipeline
