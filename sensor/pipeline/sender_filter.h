// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/base/siphash.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"

namespace telltale::pipeline {

// Remembers which senders a worker has told of, so that a MAC address, or a MAC address with the IP address that it
// claims, makes one record and not one a frame. Bounded: a direct-mapped table, in which a newcomer takes the place of
// what stood there; being told again is harmless. One a worker.
class SenderFilter {
  public:
    explicit SenderFilter(base::HashKey key, std::size_t slots = 8192) : key_(key), seen_(slots, 0) {}

    // True when this worker has not told of it, or has forgotten.
    bool is_new(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address = {}) {
        struct {
            std::uint64_t words[4] = {};
        } packed;
        std::memcpy(&packed.words[0], &segment, sizeof segment);
        std::memcpy(&packed.words[1], mac.bytes.data(), mac.bytes.size());
        std::memcpy(&packed.words[2], address.bytes.data(), address.bytes.size());
        const std::uint64_t hash = base::siphash13(key_, packed.words) | 1;  // 0 is an empty slot
        std::uint64_t& slot = seen_[static_cast<std::size_t>(hash >> 32) % seen_.size()];
        if (slot == hash) return false;
        slot = hash;
        return true;
    }

  private:
    base::HashKey key_;
    std::vector<std::uint64_t> seen_;
};

}  // namespace telltale::pipeline
