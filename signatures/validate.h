// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "signatures/draft.h"
#include "signatures/problems.h"

namespace telltale::signatures {

// Returns whether `name` is `suffix` or below it, on label borders, ignoring case.
bool matches_suffix(std::string_view name, std::string_view suffix);

// Checks what no single file can: unique ids and patterns, references between entries, pattern syntax, and that every
// entry's examples hold.
void validate(const Draft& draft, Problems& problems);

}  // namespace telltale::signatures
