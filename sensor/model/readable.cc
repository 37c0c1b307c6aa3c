// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/readable.h"

#include <algorithm>
#include <charconv>

namespace telltale::model {

void append_readable(std::string& out, std::string_view text, std::size_t max_bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    const auto shows = [](char byte) { return byte >= 0x20 && byte < 0x7f && byte != '\\'; };
    const std::string_view kept = text.substr(0, max_bytes);
    for (auto at = kept.begin(); at != kept.end();) {
        const auto end = std::find_if_not(at, kept.end(), shows);
        out.append(at, end);
        for (at = end; at != kept.end() && !shows(*at); ++at) {
            const auto byte = static_cast<unsigned char>(*at);
            out += "\\x";
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        }
    }
    if (kept.size() != text.size()) out += "...";
}

std::string readable(std::string_view text, std::size_t max_bytes) {
    std::string out;
    append_readable(out, text, max_bytes);
    return out;
}

void append_readable(std::string& out, double confidence) {
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, confidence, std::chars_format::fixed, 2);
    if (error == std::errc{}) out.append(text, end);
}

std::string readable(double confidence) {
    std::string out;
    append_readable(out, confidence);
    return out;
}

}  // namespace telltale::model
