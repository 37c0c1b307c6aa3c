// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "sensor/base/siphash.h"

namespace telltale::base {

// Hashes keys of one size, for tables whose keys strangers choose: pair-multiply-shift (Thorup, "High Speed Hashing for
// Integers and Strings", 2015, section 3.5), with one multiplication per eight bytes; they do not wait for each other.
// Whatever two keys are, they share their 32 bits under one in 2^32 choices of the secret coefficients: without seeing
// hashes, nobody can choose keys that collide. A hash that is stored instead of its key needs more bits, because then a
// collision is an error: use siphash13.
//
// Both halves of the result hold the same 32 bits. They are mixed (MurmurHash3's last step, a bijection), because
// consecutive keys, as a scan sends them, would otherwise have consecutive hashes.
template <std::size_t kBytes>
class VectorHash {
  public:
    // Derives the coefficients from `key` by SipHash.
    constexpr VectorHash(HashKey key) {
        for (std::uint64_t i = 0; i < coefficients_.size(); ++i) coefficients_[i] = siphash13(key, std::array{i});
    }

    // Hashes the kBytes at `data`.
    [[nodiscard]] std::uint64_t operator()(const void* data) const {
        const auto* const bytes = static_cast<const unsigned char*>(data);
        std::uint64_t sum = coefficients_.back();
        std::uint64_t word = 0;
#pragma GCC unroll 8
        for (std::size_t i = 0; i < kBytes / 8; ++i) {
            std::memcpy(&word, bytes + 8 * i, 8);
            sum += product(i, word);
        }
        if constexpr (kBytes % 8 != 0) {
            word = 0;
            std::memcpy(&word, bytes + kBytes / 8 * 8, kBytes % 8);
            sum += product(kBytes / 8, word);
        }
        const std::uint64_t bits = mixed(static_cast<std::uint32_t>(sum >> 32));
        return bits << 32 | bits;
    }

  private:
    static constexpr std::size_t kWords = (kBytes + 7) / 8;

    [[nodiscard]] std::uint64_t product(std::size_t i, std::uint64_t word) const {
        return (coefficients_[2 * i] + (word >> 32)) * (coefficients_[2 * i + 1] + static_cast<std::uint32_t>(word));
    }

    static constexpr std::uint32_t mixed(std::uint32_t bits) {
        bits = (bits ^ bits >> 16) * 0x85ebca6b;
        bits = (bits ^ bits >> 13) * 0xc2b2ae35;
        return bits ^ bits >> 16;
    }

    std::array<std::uint64_t, 2 * kWords + 1> coefficients_{};
};

}  // namespace telltale::base
