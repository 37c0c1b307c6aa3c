// SPDX-License-Identifier: Apache-2.0
#include "signatures/pattern_match.h"

#include <algorithm>

namespace telltale::signatures {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool matches_exact(std::string_view text, std::string_view pattern, bool caseless) {
    return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(),
                      [caseless](char x, char y) { return caseless ? lower(x) == lower(y) : x == y; });
}

bool matches_suffix(std::string_view name, std::string_view suffix) {
    if (name.size() < suffix.size() || suffix.empty()) return false;
    if (!matches_exact(name.substr(name.size() - suffix.size()), suffix, true)) return false;
    return name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '.';
}

}  // namespace telltale::signatures
