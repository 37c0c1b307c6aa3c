// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/address_text.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace telltale::model {
namespace {

constexpr std::size_t kWords = 8;

// An octet in decimal, and how many digits it has.
struct Octet {
    std::array<char, 4> text{};
    std::uint8_t size = 0;
};

constexpr std::array<Octet, 256> kOctets = [] {
    std::array<Octet, 256> octets{};
    for (unsigned value = 0; value < 256; ++value) {
        Octet& octet = octets[value];
        for (const unsigned unit : {100U, 10U, 1U}) {
            if (value >= unit || unit == 1) octet.text[octet.size++] = static_cast<char>('0' + value / unit % 10);
        }
    }
    return octets;
}();

// The words that "::" replaces: the first of the longest runs of zero words, if it has at least two.
struct Gap {
    std::uint8_t first;
    std::uint8_t size;
};

constexpr Gap gap_in(unsigned zeros) {
    Gap gap{kWords, 0};
    for (std::uint8_t first = 0; first < kWords; ++first) {
        std::uint8_t size = 0;
        while (first + size < kWords && (zeros >> (first + size) & 1) != 0) ++size;
        if (size >= 2 && size > gap.size) gap = {first, size};
    }
    return gap;
}

// By the set of the zero words: bit i for word i.
constexpr std::array<Gap, 256> kGaps = [] {
    std::array<Gap, 256> gaps{};
    for (unsigned zeros = 0; zeros < gaps.size(); ++zeros) gaps[zeros] = gap_in(zeros);
    return gaps;
}();

char* put_v4(const std::uint8_t* bytes, char* at) {
    for (std::size_t i = 0; i < 4; ++i) {
        const Octet& octet = kOctets[bytes[i]];
        std::memcpy(at, octet.text.data(), octet.text.size());
        at += octet.size;
        *at++ = '.';
    }
    return at - 1;
}

// In hexadecimal without leading zeros.
char* put_word(unsigned word, char* at) {
    static constexpr char kDigits[] = "0123456789abcdef";
    if (word >= 0x1000) *at++ = kDigits[word >> 12];
    if (word >= 0x100) *at++ = kDigits[word >> 8 & 15];
    if (word >= 0x10) *at++ = kDigits[word >> 4 & 15];
    *at++ = kDigits[word & 15];
    return at;
}

// RFC 5952.
char* put_v6(const IpAddress& address, char* at) {
    std::array<unsigned, kWords> words;
    unsigned zeros = 0;
    for (unsigned i = 0; i < kWords; ++i) {
        std::uint16_t word = 0;
        std::memcpy(&word, address.bytes.data() + i * sizeof word, sizeof word);
        words[i] = __builtin_bswap16(word);
        zeros |= static_cast<unsigned>(word == 0) << i;
    }
    const Gap gap = kGaps[zeros];
    for (std::size_t i = 0; i < kWords;) {
        if (i == gap.first) {
            if (i == 0) *at++ = ':';
            *at++ = ':';
            i += gap.size;
            continue;
        }
        // ::192.0.2.1 holds an IPv4 address (RFC 4291 section 2.5.5.1).
        if (i == 6 && gap.first == 0 && gap.size == 6) return put_v4(address.bytes.data() + 12, at);
        at = put_word(words[i], at);
        if (++i != kWords) *at++ = ':';
    }
    return at;
}

}  // namespace

char* put_text(const IpAddress& address, char* at) {
    return address.is_v4() ? put_v4(address.bytes.data() + 12, at) : put_v6(address, at);
}

void append(std::string& out, const IpAddress& address) {
    char text[kMaxIpTextBytes];
    out.append(text, put_text(address, text));
}

}  // namespace telltale::model
