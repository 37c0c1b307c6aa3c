// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::app {

// Text of unknown origin for a terminal: valid UTF-8 without control characters (they show as \x1b, \u202e).
std::string shown(std::string_view text);
// Columns that a terminal needs for it: East Asian wide characters and emoji take two, combining marks none.
std::size_t display_width(std::string_view text);
// At most `width` columns; what is cut ends with an ellipsis.
std::string fit(std::string_view text, std::size_t width);
// Several lines of at most `width` columns, broken at spaces where there are some.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// "1,234,567"; "999 B", "1.2 KiB" (1024 bytes), also negative; "3.1 %", never "0.0 %" for more than nothing.
std::string grouped(std::uint64_t number);
std::string byte_size(std::int64_t bytes);
std::string share(std::int64_t part, std::int64_t whole);

enum class Align : std::uint8_t { left, right };

// Aligned columns within a width. When rows are too wide, columns with a `least` width give way, the widest first.
// Cells are shown text. Rendering adds an indent of two and gaps of two columns.
class TextTable {
  public:
    struct Column {
        std::string title;
        Align align = Align::left;
        std::size_t least = 0;  // 0: never cut
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    void add_row(std::vector<std::string> cells) { rows_.push_back({std::move(cells), {}}); }
    // A whole line under the last row; an empty one is left out.
    void add_note(std::string line) {
        if (!line.empty()) rows_.back().notes.push_back(std::move(line));
    }
    void render(std::size_t width, std::string& out) const;

  private:
    struct Row {
        std::vector<std::string> cells;
        std::vector<std::string> notes;
    };
    [[nodiscard]] std::vector<std::size_t> widths(std::size_t width) const;
    void render_cells(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                      std::string& out) const;

    std::vector<Column> columns_;
    std::vector<Row> rows_;
};

}  // namespace telltale::app
