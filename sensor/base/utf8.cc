// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/utf8.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace telltale::base {
namespace {

constexpr std::size_t kNoCut = static_cast<std::size_t>(-1);

std::uint8_t byte_at(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

// What may follow a lead byte: how many bytes in all, and the range of the second one. `size` 0: no lead byte.
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

// Where the text has to be cut so that an ellipsis is its last character; kNoCut when it fits.
std::size_t cut_place(std::string_view text, std::size_t max_characters) {
    if (text.size() <= max_characters) return kNoCut;
    std::size_t at = 0;
    std::size_t last = 0;
    for (std::size_t count = 0; at < text.size(); ++count) {
        if (count == max_characters) return last;
        last = at;
        next_code_point(text, at);
    }
    return kNoCut;
}

bool plain_in_json(char character) {
    const auto byte = static_cast<std::uint8_t>(character);
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void append_escape(char32_t code_point, std::string& out) {
    static constexpr char kDigits[] = "0123456789abcdef";
    switch (code_point) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code_point >> shift) & 15];
}

// The high bit of each byte that is not plain, as far as the lowest such byte: eight at a time ("Hacker's Delight",
// section 6-1: a borrow can only reach bytes above the first that is found).
std::uint64_t marks_of_special(std::uint64_t word) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighs = 0x80 * kOnes;
    const auto zero_bytes = [](std::uint64_t value) { return (value - kOnes) & ~value; };
    const std::uint64_t controls = (word - 0x20 * kOnes) & ~word;
    return (word | controls | zero_bytes(word ^ '"' * kOnes) | zero_bytes(word ^ '\\' * kOnes) |
            zero_bytes(word ^ 0x7f * kOnes)) &
           kHighs;
}

}  // namespace

std::size_t plain_json_bytes(std::string_view text) {
    static_assert(std::endian::native == std::endian::little);
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        const std::uint64_t special = marks_of_special(word);
        if (special != 0) return at + static_cast<std::size_t>(std::countr_zero(special)) / 8;
    }
    while (at < text.size() && plain_in_json(text[at])) ++at;
    return at;
}

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

void append_utf8(std::string_view text, std::size_t max_characters, std::string& out) {
    const std::size_t cut = cut_place(text, max_characters);
    const std::size_t end = std::min(cut, text.size());
    for (std::size_t at = 0; at < end;) append_code_point(next_code_point(text, at), out);
    if (cut != kNoCut && max_characters > 0) append_code_point(kEllipsis, out);
}

void append_json_string(std::string_view text, std::size_t max_characters, std::string& out) {
    const std::size_t cut = cut_place(text, max_characters);
    const std::size_t end = std::min(cut, text.size());
    out += '"';
    for (std::size_t at = 0; at < end;) {
        const std::size_t run = plain_json_bytes(text.substr(at, end - at));
        out.append(text.data() + at, run);
        at += run;
        if (at == end) break;
        const char32_t code_point = next_code_point(text, at);
        const bool escape = is_control(code_point) || code_point == '"' || code_point == '\\';
        escape ? append_escape(code_point, out) : append_code_point(code_point, out);
    }
    if (cut != kNoCut && max_characters > 0) append_code_point(kEllipsis, out);
    out += '"';
}

}  // namespace telltale::base
