// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "signatures/bundle.h"

namespace telltale::match {

// The expression that stands for a signature: see CompiledSignatures for the forms.
std::string expression_of(const signatures::Signature& signature);

// Whether the expression is compiled without regard to case. Host names are in lower case on both sides already, so
// only a regex needs it there.
bool is_caseless(const signatures::Signature& signature);

// The bytes that a regex spells out in every text it matches: outside groups, classes and what a quantifier may leave
// out; of top-level alternatives the shortest. An estimate: it orders patterns and fills texts, it decides nothing.
std::string literal_text(std::string_view regex);

// Whether `left` stands before `right` among the signatures of one set that match the same text. Host names: exact
// first, then by length of the name (a regex by its literal text). Fingerprints: by weight of their claim. Then a
// suffix before a regex, and the order of the bundle.
bool more_specific(const signatures::Signature& left, const signatures::Signature& right);

}  // namespace telltale::match
