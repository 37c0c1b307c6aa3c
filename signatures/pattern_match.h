// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace telltale::signatures {

// Returns whether `name` is `suffix` or below it, on label borders, ignoring case.
bool matches_suffix(std::string_view name, std::string_view suffix);

// Returns whether an exact pattern matches the text.
bool matches_exact(std::string_view text, std::string_view pattern, bool caseless);

}  // namespace telltale::signatures
