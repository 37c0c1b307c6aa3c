// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signatures/bundle.h"
#include "signatures/problems.h"

namespace telltale::signatures {

// Checks one signature by itself: the syntax of its pattern, that a host name does not claim what belongs to others (a
// public suffix, the names of a hosting company's customers), the groups of its claim, and its examples.
void validate_pattern(const Signature& signature, Problems& problems);

}  // namespace telltale::signatures
