// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/readable.h"

#include <cstdio>

namespace telltale::model {

std::string readable(std::string_view text, std::size_t max_bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    const bool cut = text.size() > max_bytes;
    std::string out;
    for (char c : text.substr(0, max_bytes)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '\\') {
            out += c;
        } else {
            out += "\\x";
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        }
    }
    if (cut) out += "...";
    return out;
}

std::string readable(double confidence) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", confidence);
    return text;
}

}  // namespace telltale::model
