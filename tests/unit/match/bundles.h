// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/match/compiled_signatures.h"
#include "sensor/match/scanner.h"
#include "signatures/bundle.h"

namespace telltale::match::testing {

// One signature; its line is its place in its bundle, from 1.
struct Entry {
    std::string id;
    signatures::PatternSet set;
    signatures::PatternKind kind;
    std::string pattern;
    bool caseless = true;
    float weight = 0;
};

Entry host_suffix(std::string pattern);  // the id of these is the pattern
Entry host_exact(std::string pattern);
Entry host_regex(std::string pattern);
Entry agent_regex(std::string pattern, float weight = 0);

std::shared_ptr<const signatures::Bundle> bundle_of(const std::vector<Entry>& entries);

// Compiles or throws std::runtime_error with the error's text. Without options: no cache.
std::shared_ptr<const CompiledSignatures> compiled(const std::vector<Entry>& entries,
                                                   const CompileOptions& options = {});
Scanner scanner_of(const std::shared_ptr<const CompiledSignatures>& signatures);

// The ids of what matches, the most specific first, at most `limit`.
std::vector<std::string> matches(Scanner& scanner, signatures::PatternSet set, std::string_view text,
                                 std::size_t limit = 16);

}  // namespace telltale::match::testing
