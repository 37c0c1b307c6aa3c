// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/vector_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

namespace telltale::base {
namespace {

constexpr HashKey kKey{3, 4};

template <std::size_t kBytes>
using Key = std::array<std::uint8_t, kBytes>;

// The sum as the paper writes it, over 32-bit words, and the mixing after it.
template <std::size_t kBytes>
std::uint32_t reference(HashKey secret, const Key<kBytes>& key) {
    std::vector<std::uint8_t> padded(key.begin(), key.end());
    while (padded.size() % 8 != 0) padded.push_back(0);
    const auto word = [&](std::size_t i) {
        std::uint32_t value = 0;
        for (std::size_t byte = 4; byte-- > 0;) value = value << 8 | padded[4 * i + byte];
        return value;
    };
    const auto coefficient = [&](std::uint64_t i) { return siphash13(secret, &i, sizeof i); };
    const std::size_t words = padded.size() / 4;
    std::uint64_t sum = coefficient(words);  // modulo 2^64
    for (std::size_t i = 0; i < words; i += 2) {
        const std::uint64_t left = coefficient(i) + word(i + 1), right = coefficient(i + 1) + word(i);
        sum += left * right;
    }
    auto bits = static_cast<std::uint32_t>(sum >> 32);
    bits ^= bits >> 16;
    bits *= 0x85ebca6b;
    bits ^= bits >> 13;
    bits *= 0xc2b2ae35;
    return bits ^ bits >> 16;
}

template <std::size_t kBytes>
void equals_the_reference() {
    std::mt19937 random(kBytes);
    const VectorHash<kBytes> hash(kKey);
    for (int round = 0; round < 200; ++round) {
        Key<kBytes> key;
        std::generate(key.begin(), key.end(), [&] { return static_cast<std::uint8_t>(random()); });
        const std::uint64_t bits = reference(kKey, key);
        ASSERT_EQ(hash(key.data()), bits << 32 | bits);
    }
}

TEST(VectorHash, EqualsTheReferenceAtEverySize) {
    equals_the_reference<1>();
    equals_the_reference<8>();
    equals_the_reference<12>();
    equals_the_reference<20>();
    equals_the_reference<48>();
}

TEST(VectorHash, EveryBitOfKeyAndSecretCounts) {
    const Key<48> key{};
    for (std::size_t bit = 0; bit < 8 * key.size(); ++bit) {
        Key<48> other = key;
        other[bit / 8] = static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_NE(VectorHash<48>(kKey)(key.data()), VectorHash<48>(kKey)(other.data())) << bit;
    }
    EXPECT_NE(VectorHash<48>(kKey)(key.data()), VectorHash<48>(HashKey{3, 5})(key.data()));
    EXPECT_NE(VectorHash<48>(kKey)(key.data()), VectorHash<48>(HashKey{4, 4})(key.data()));
}

// Keys as a scan sends them: in a row, in steps, differing in one word. Open addressing by their lowest bits in a table
// that is half full must go as with random numbers: the mean way to a free place is then 1.5 (Knuth, volume 3, 6.4).
TEST(VectorHash, KeysInARowLieScattered) {
    constexpr std::size_t kPlaces = 1 << 16;
    for (const std::size_t word : {0U, 1U, 5U, 10U}) {
        for (const std::uint32_t step : {1U, 2U, 256U, 65536U, 0x01000100U}) {
            for (const std::uint64_t secret : {1U, 2U, 3U, 4U}) {
                const VectorHash<48> hash(HashKey{secret, 0});
                std::vector<bool> taken(kPlaces);
                std::size_t probes = 0;
                for (std::uint32_t i = 0; i < kPlaces / 2; ++i) {
                    Key<48> key{};
                    const std::uint32_t value = i * step;  // all different
                    std::memcpy(key.data() + 4 * word, &value, sizeof value);
                    std::size_t at = (hash(key.data()) >> 32) % kPlaces;
                    for (; taken[at]; at = (at + 1) % kPlaces) ++probes;
                    taken[at] = true;
                    ++probes;
                }
                EXPECT_LT(static_cast<double>(probes) / (kPlaces / 2), 1.6) << word << " " << step << " " << secret;
            }
        }
    }
}

}  // namespace
}  // namespace telltale::base
