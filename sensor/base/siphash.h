// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace telltale::base {

// 128 secret bits as two little-endian words. Nobody can construct colliding keys without knowing them.
struct HashKey {
    std::uint64_t k0 = 0;
    std::uint64_t k1 = 0;
};

// Returns a key from the operating system's random source. All workers of a process share one.
HashKey random_hash_key();

// SipHash with 1 compression round and 3 finalisation rounds, 64-bit output (Aumasson, Bernstein: "SipHash: a fast
// short-input PRF", 2012). For hash tables under hostile input, not for what leaves the sensor. Hashes `words` as their
// little-endian bytes, so a packed key of whole words needs no tail handling.
namespace siphash_detail {
struct State {
    std::uint64_t v0, v1, v2, v3;

    constexpr explicit State(HashKey key)
        : v0(0x736f6d6570736575ULL ^ key.k0),
          v1(0x646f72616e646f6dULL ^ key.k1),
          v2(0x6c7967656e657261ULL ^ key.k0),
          v3(0x7465646279746573ULL ^ key.k1) {}

    constexpr void round() {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }
    constexpr void absorb(std::uint64_t word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }
    constexpr std::uint64_t finish(std::size_t size_bytes, std::uint64_t tail) {
        absorb((static_cast<std::uint64_t>(size_bytes) << 56) | tail);
        v2 ^= 0xff;
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }
};
}  // namespace siphash_detail

constexpr std::uint64_t siphash13(HashKey key, std::span<const std::uint64_t> words) {
    siphash_detail::State state(key);
    for (std::uint64_t word : words) state.absorb(word);
    return state.finish(words.size() * 8, 0);
}

inline std::uint64_t siphash13(HashKey key, const void* data, std::size_t size) {
    siphash_detail::State state(key);
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::size_t left = size;
    for (; left >= 8; bytes += 8, left -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, 8);
        state.absorb(word);
    }
    std::uint64_t tail = 0;
    if (left != 0) std::memcpy(&tail, bytes, left);
    return state.finish(size, tail);
}

}  // namespace telltale::base
