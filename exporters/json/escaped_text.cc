// SPDX-License-Identifier: Apache-2.0
#include "exporters/json/escaped_text.h"

#include <algorithm>

#include "exporters/json/plain_text.h"
#include "sensor/base/utf8.h"

namespace telltale::json {
namespace {

constexpr std::size_t kNoCut = static_cast<std::size_t>(-1);

// Returns where the text has to end so that an ellipsis is its last character; kNoCut if it fits.
std::size_t cut_place(std::string_view text, std::size_t max_characters) {
    if (text.size() <= max_characters) return kNoCut;
    std::size_t at = 0;
    std::size_t last = 0;
    for (std::size_t count = 0; at < text.size(); ++count) {
        if (count == max_characters) return last;
        last = at;
        base::next_code_point(text, at);
    }
    return kNoCut;
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

}  // namespace

void append_escaped(std::string_view text, std::size_t max_characters, std::string& out) {
    const std::size_t cut = cut_place(text, max_characters);
    const std::size_t end = std::min(cut, text.size());
    out += '"';
    for (std::size_t at = 0; at < end;) {
        const std::size_t plain = PlainText::prefix(text.substr(at, end - at));
        out.append(text.data() + at, plain);
        at += plain;
        if (at == end) break;
        const char32_t code_point = base::next_code_point(text, at);
        const bool escape = base::is_control(code_point) || code_point == '"' || code_point == '\\';
        escape ? append_escape(code_point, out) : base::append_code_point(code_point, out);
    }
    if (cut != kNoCut && max_characters > 0) base::append_code_point(base::kEllipsis, out);
    out += '"';
}

}  // namespace telltale::json
