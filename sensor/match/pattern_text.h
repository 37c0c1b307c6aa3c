// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "signatures/bundle.h"

namespace telltale::match {

// Returns the expression for a signature: see CompiledSignatures for the forms.
std::string expression_of(const signatures::Signature& signature);

// Returns whether the expression is compiled case-insensitively. Host names are in lower case on both sides, so only a
// regex needs that.
bool is_caseless(const signatures::Signature& signature);

// Returns the literal bytes that occur in every text that a regex matches: outside groups, classes and optional
// elements; the shortest of top-level alternatives. An estimate, only used to order patterns and to fill texts.
std::string literal_text(std::string_view regex);

// Returns whether `left` precedes `right` among the signatures of one set that match the same text. Host names: exact
// first, then by length of the name (a regex by its literal text). Fingerprints: by weight of their claim. Then a
// suffix before a regex, and the order of the bundle.
bool more_specific(const signatures::Signature& left, const signatures::Signature& right);

}  // namespace telltale::match
