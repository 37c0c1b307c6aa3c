// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::app {

// Returns text of unknown origin as valid UTF-8 without control characters (shown as \x1b, \u202e).
std::string shown(std::string_view text);
// Returns the columns that a terminal needs: two for East Asian wide characters and emoji, none for combining marks.
std::size_t display_width(std::string_view text);
// Returns at most `width` columns, ending with an ellipsis if cut.
std::string fit(std::string_view text, std::size_t width);
// Returns lines of at most `width` columns, broken at spaces if possible.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// "1,234,567"; "999 B", "1.2 KiB" (1024 bytes), also negative; "3.1 %", never "0.0 %" for more than nothing.
std::string grouped(std::uint64_t number);
std::string byte_size(std::int64_t bytes);
std::string share(std::int64_t part, std::int64_t whole);

// Alignment of a column's cells.
enum class Align : std::uint8_t { left, right };

// Aligned columns within a width. If rows are too wide, columns with a `least` width are cut, the widest first. Cells
// must be the result of shown(). Rendering adds an indent of two columns and gaps of two.
class TextTable {
  public:
    struct Column {
        std::string title;
        Align align = Align::left;
        std::size_t least = 0;  // 0: never cut
    };

    explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    void add_row(std::vector<std::string> cells) { rows_.push_back({std::move(cells), {}}); }
    // Adds a line under the last row; an empty one is left out.
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
