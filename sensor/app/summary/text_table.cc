// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/summary/text_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "sensor/base/utf8.h"

namespace telltale::app {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kGap = 2;

// Blocks of characters that need two columns (Unicode, East Asian Width W and F), approximately.
constexpr auto kWide = std::to_array<std::pair<char32_t, char32_t>>({
    {0x1100, 0x115f},
    {0x2e80, 0x303e},
    {0x3041, 0xa4cf},
    {0xac00, 0xd7a3},
    {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},
    {0xff00, 0xff60},
    {0x1f300, 0x3fffd},
});

std::size_t columns_of(char32_t code_point) {
    if ((code_point >= 0x300 && code_point <= 0x36f) || (code_point >= 0x200b && code_point <= 0x200d) ||
        (code_point >= 0xfe00 && code_point <= 0xfe0f)) {
        return 0;
    }
    for (const auto& [first, last] : kWide) {
        if (code_point >= first && code_point <= last) return 2;
    }
    return 1;
}

// Returns how many bytes of the text fit into `width` columns.
std::size_t bytes_within(std::string_view text, std::size_t width) {
    std::size_t used = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        used += columns_of(base::next_code_point(text, at));
        if (used > width) return start;
    }
    return text.size();
}

void strip_end(std::string& text) {
    while (!text.empty() && text.back() == ' ') text.pop_back();
}

}  // namespace

std::string shown(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t code_point = base::next_code_point(text, at);
        if (!base::is_control(code_point)) {
            base::append_code_point(code_point, out);
            continue;
        }
        char escape[12];
        std::snprintf(escape, sizeof escape, code_point < 0x100 ? "\\x%02x" : "\\u%04x",
                      static_cast<unsigned>(code_point));
        out += escape;
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) width += columns_of(base::next_code_point(text, at));
    return width;
}

std::string fit(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) return std::string(text);
    if (width == 0) return {};
    std::string out(text.substr(0, bytes_within(text, width - 1)));
    base::append_code_point(base::kEllipsis, out);
    return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (display_width(text) > width) {
        // At least one character, whatever the width.
        std::size_t end = std::max<std::size_t>(bytes_within(text, width), 1);
        const std::size_t space = text.rfind(' ', end);
        if (space != std::string_view::npos && space > 0) end = space;
        std::string line(text.substr(0, end));
        strip_end(line);
        lines.push_back(std::move(line));
        text.remove_prefix(end);
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    }
    if (!text.empty()) lines.emplace_back(text);
    return lines;
}

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
    return text;
}

std::string byte_size(std::int64_t bytes) {
    static constexpr auto kUnits = std::to_array<const char*>({"B", "KiB", "MiB", "GiB", "TiB", "PiB"});
    const bool negative = bytes < 0;
    auto size = negative ? -static_cast<double>(bytes) : static_cast<double>(bytes);
    std::size_t unit = 0;
    // 1023.95 would be printed as 1024.0.
    while (size >= (unit == 0 ? 1024.0 : 1023.95) && unit + 1 < kUnits.size()) {
        size /= 1024;
        ++unit;
    }
    char text[48];
    std::snprintf(text, sizeof text, "%s%.*f %s", negative ? "-" : "", unit == 0 ? 0 : 1, size, kUnits[unit]);
    return text;
}

std::string share(std::int64_t part, std::int64_t whole) {
    if (whole <= 0 || part <= 0) return "0 %";
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    if (percent < 0.05) return "< 0.1 %";
    if (percent > 99.95 && part < whole) return "> 99.9 %";
    char text[32];
    std::snprintf(text, sizeof text, percent >= 99.95 ? "%.0f %%" : "%.1f %%", percent);
    return text;
}

std::vector<std::size_t> TextTable::widths(std::size_t width) const {
    std::vector<std::size_t> widths;
    std::size_t total = kIndent;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t widest = display_width(columns_[i].title);
        for (const Row& row : rows_) widest = std::max(widest, display_width(row.cells[i]));
        widths.push_back(widest);
        total += widest + (i > 0 ? kGap : 0);
    }
    while (total > width) {
        std::size_t victim = columns_.size();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const bool gives = columns_[i].least != 0 && widths[i] > columns_[i].least;
            if (gives && (victim == columns_.size() || widths[i] > widths[victim])) victim = i;
        }
        if (victim == columns_.size()) break;
        --widths[victim];
        --total;
    }
    return widths;
}

void TextTable::render_cells(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                             std::string& out) const {
    std::string line(kIndent, ' ');
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) line.append(kGap, ' ');
        const std::string cell = fit(cells[i], widths[i]);
        const std::size_t space = widths[i] - display_width(cell);
        if (columns_[i].align == Align::right) line.append(space, ' ');
        line += cell;
        if (columns_[i].align == Align::left) line.append(space, ' ');
    }
    strip_end(line);
    out += line;
    out += '\n';
}

void TextTable::render(std::size_t width, std::string& out) const {
    const std::vector<std::size_t> columns = widths(width);
    std::vector<std::string> titles;
    bool any_title = false;
    for (const Column& column : columns_) {
        titles.push_back(column.title);
        any_title |= !column.title.empty();
    }
    if (any_title) render_cells(titles, columns, out);
    for (const Row& row : rows_) {
        render_cells(row.cells, columns, out);
        for (const std::string& note : row.notes) {
            out += fit(note, width);
            out += '\n';
        }
    }
}

}  // namespace telltale::app
