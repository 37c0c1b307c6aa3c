// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signatures/draft.h"
#include "signatures/problems.h"

namespace telltale::signatures {

// Checks what no single file can: unique ids and patterns, references between entries, pattern syntax, and that every
// entry's examples hold.
void validate(const Draft& draft, Problems& problems);

}  // namespace telltale::signatures
