// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/siphash.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace telltale::base {
namespace {

// SipHash as its paper writes it, with the rounds as parameters: with (2, 4) it is held to the paper's vector, and with
// (1, 3) it is the oracle for ours.
std::uint64_t reference(int compression, int finalisation, HashKey key, const std::vector<std::uint8_t>& message) {
    siphash_detail::State state(key);
    auto absorb = [&](std::uint64_t word) {
        state.v3 ^= word;
        for (int i = 0; i < compression; ++i) state.round();
        state.v0 ^= word;
    };
    std::vector<std::uint8_t> padded = message;
    while (padded.size() % 8 != 7) padded.push_back(0);
    padded.push_back(static_cast<std::uint8_t>(message.size()));
    for (std::size_t at = 0; at < padded.size(); at += 8) {
        std::uint64_t word = 0;
        for (std::size_t i = 8; i-- > 0;) word = (word << 8) | padded[at + i];
        absorb(word);
    }
    state.v2 ^= 0xff;
    for (int i = 0; i < finalisation; ++i) state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

constexpr HashKey kPaperKey{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};

TEST(SipHash, ReferenceGivesThePapersVector) {
    std::vector<std::uint8_t> message;
    for (std::uint8_t i = 0; i < 15; ++i) message.push_back(i);
    EXPECT_EQ(reference(2, 4, kPaperKey, message), 0xa129ca6149be45e5ULL);  // appendix A of the paper
}

TEST(SipHash, EqualsTheReferenceAtEveryLength) {
    std::vector<std::uint8_t> message;
    for (std::uint8_t i = 0; i < 64; ++i) {
        EXPECT_EQ(siphash13(kPaperKey, message.data(), message.size()), reference(1, 3, kPaperKey, message)) << int{i};
        message.push_back(static_cast<std::uint8_t>(i * 7));
    }
}

TEST(SipHash, WordsHashAsTheirBytes) {
    const std::array<std::uint64_t, 6> words{1, 2, 3, 4, 5, 0xffffffffffffffffULL};
    EXPECT_EQ(siphash13(kPaperKey, words), siphash13(kPaperKey, words.data(), sizeof words));
}

TEST(SipHash, RandomKeysDiffer) {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 16; ++i) seen.insert(random_hash_key().k0);
    EXPECT_EQ(seen.size(), 16u);
}

}  // namespace
}  // namespace telltale::base
