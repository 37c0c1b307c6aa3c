// SPDX-License-Identifier: Apache-2.0
#include "signatures/problems.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace telltale::signatures {
namespace {

constexpr std::size_t kLongestWord = 48;
constexpr std::size_t kLongestShown = 80;

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

void Problems::add(const FilePosition& position, std::string text) {
    ++count_;
    if (lines_.size() >= kKept) return;
    std::string line = position.file;
    if (position.line > 0) line += ":" + std::to_string(position.line);
    lines_.push_back(line + ": " + std::move(text));
}

base::Error Problems::to_error() const {
    std::string text;
    for (const std::string& line : lines_) {
        if (!text.empty()) text += "\n";
        text += line;
    }
    if (count_ > lines_.size()) text += "\nand " + std::to_string(count_ - lines_.size()) + " more problems";
    return base::Error{text};
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
    if (word.empty() || word.size() > kLongestWord) return "";
    std::size_t best = word.size() <= 4 ? 2 : 3;
    std::string_view nearest;
    for (const std::string_view candidate : known) {
        if (candidate.size() > kLongestWord) continue;
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest.empty() ? "" : ", did you mean '" + std::string(nearest) + "'?";
}

std::string list_of(std::span<const std::string_view> words) {
    std::string text;
    for (const std::string_view word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

std::string shown(std::string_view text) {
    std::string out(text.substr(0, kLongestShown));
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    if (text.size() > kLongestShown) out += "...";
    return out;
}

}  // namespace telltale::signatures
