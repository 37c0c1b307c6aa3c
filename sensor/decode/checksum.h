// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

#include "sensor/base/byte_reader.h"
#include "sensor/model/packet_view.h"

namespace telltale::decode {

// Returns the one's complement sum of RFC 1071 over 16-bit words in the machine's byte order, unfolded. At most 4 GiB.
inline std::uint64_t checksum_words(base::Bytes bytes) {
    // Two 64-bit sums of 32-bit halves, side by side (a vector extension of the compiler that runs on any machine).
    using Pair = std::uint64_t __attribute__((vector_size(16)));
    Pair low{}, high{};
    const std::uint8_t* at = bytes.data();
    std::size_t left = bytes.size();
#pragma GCC unroll 4
    for (; left >= 16; at += 16, left -= 16) {
        Pair words;
        std::memcpy(&words, at, sizeof words);
        low += words & 0xffffffff;
        high += words >> 32;
    }
    std::uint64_t sum = low[0] + low[1] + high[0] + high[1];
    for (; left >= 4; at += 4, left -= 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, at, 4);
        sum += word;
    }
    if (left != 0) {
        std::uint32_t word = 0;
        std::memcpy(&word, at, left);
        sum += word;
    }
    return sum;
}

inline std::uint16_t checksum_fold(std::uint64_t sum) {
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

// Returns whether an IPv4 header, options included, sums to all ones, as its checksum makes it. Runs per packet.
inline bool ipv4_checksum_valid(std::span<const std::uint8_t, 20> header, base::Bytes options) {
    std::uint32_t words[5];
    std::memcpy(words, header.data(), sizeof words);
    std::uint64_t sum = std::uint64_t{words[0]} + words[1] + words[2] + words[3] + words[4];
    if (!options.empty()) [[unlikely]]
        sum += checksum_words(options);
    return checksum_fold(sum) == 0xffff;
}

// Returns whether a TCP or UDP checksum fits the packet. Also true if that cannot be decided: other protocols,
// fragments, cut packets, UDP without a checksum (RFC 768; RFC 6935 for IPv6), and segmentation or checksum offload,
// where a capture on the sending host sees the sum of the pseudo header alone. A packet whose IPv6 routing header is
// not used up counts as wrong, because its pseudo header has another destination. Reads the payload, so call it for
// packets whose content matters only. The frame must still be borrowed.
bool transport_checksum_ok(const model::PacketView& packet);

}  // namespace telltale::decode
