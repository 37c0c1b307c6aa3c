// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"

namespace telltale::pipeline {

// Remembers which senders a worker has told of, so that a MAC address, or a MAC address with the IP address that it
// claims, makes one record and not one a frame. Bounded: sets of four, in which a newcomer takes the place of the
// oldest; being told again is harmless. One a worker.
class SenderFilter {
  public:
    explicit SenderFilter(base::HashKey key, std::size_t sets = 8192) : key_(key), seen_(sets) {}

    // True when this worker has not told of it, or has forgotten.
    bool is_new(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address = {}) {
        struct {
            std::uint64_t words[4] = {};
        } packed;
        std::memcpy(&packed.words[0], &segment, sizeof segment);
        std::memcpy(&packed.words[1], mac.bytes.data(), mac.bytes.size());
        std::memcpy(&packed.words[2], address.bytes.data(), address.bytes.size());
        const std::uint64_t hash = base::siphash13(key_, packed.words) | 1;  // 0 is an empty place
        Set& set = seen_[static_cast<std::size_t>(hash >> 32) % seen_.size()];
        if (std::find(set.begin(), set.end(), hash) != set.end()) return false;
        std::copy_backward(set.begin(), set.end() - 1, set.end());
        set.front() = hash;
        return true;
    }

  private:
    using Set = std::array<std::uint64_t, 4>;  // newest first

    base::HashKey key_;
    std::vector<Set> seen_;
};

}  // namespace telltale::pipeline
