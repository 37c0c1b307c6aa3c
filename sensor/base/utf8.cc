// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/utf8.h"

#include <array>
#include <cstdint>

namespace telltale::base {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

// The bytes of a character that starts with this one, and the range of the second. `size` 0: not a lead byte.
struct Lead {
    std::size_t size;
    std::uint8_t second_low;
    std::uint8_t second_high;
};

constexpr Lead lead_of(std::uint8_t byte) {
    if (byte >= 0xc2 && byte <= 0xdf) return {2, 0x80, 0xbf};
    if (byte == 0xe0) return {3, 0xa0, 0xbf};
    if (byte == 0xed) return {3, 0x80, 0x9f};
    if (byte >= 0xe1 && byte <= 0xef) return {3, 0x80, 0xbf};
    if (byte == 0xf0) return {4, 0x90, 0xbf};
    if (byte >= 0xf1 && byte <= 0xf3) return {4, 0x80, 0xbf};
    if (byte == 0xf4) return {4, 0x80, 0x8f};
    return {0, 0, 0};
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const std::uint8_t first = byte_at(text, at++);
    if (first < 0x80) return first;
    const Lead lead = lead_of(first);
    if (lead.size == 0) return kReplacementCharacter;
    char32_t code_point = first & (0xffU >> (lead.size + 1));
    for (std::size_t i = 1; i < lead.size; ++i) {
        const std::uint8_t low = i == 1 ? lead.second_low : 0x80;
        const std::uint8_t high = i == 1 ? lead.second_high : 0xbf;
        if (at >= text.size() || byte_at(text, at) < low || byte_at(text, at) > high) return kReplacementCharacter;
        code_point = (code_point << 6) | (byte_at(text, at++) & 0x3fU);
    }
    return code_point;
}

void append_code_point(char32_t code_point, std::string& out) {
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
        return;
    }
    const int more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    static constexpr std::array<std::uint8_t, 4> kMark = {0, 0xc0, 0xe0, 0xf0};
    out += static_cast<char>(kMark[static_cast<std::size_t>(more)] | (code_point >> (6 * more)));
    for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((code_point >> (6 * i)) & 0x3f));
}

bool is_control(char32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) || code_point == 0x61c ||
           code_point == 0x200e || code_point == 0x200f || (code_point >= 0x2028 && code_point <= 0x202e) ||
           (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xfeff;
}

}  // namespace telltale::base
