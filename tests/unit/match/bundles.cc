// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/match/bundles.h"

#include <stdexcept>
#include <utility>

namespace telltale::match::testing {

using signatures::PatternKind;
using signatures::PatternSet;

Entry host_suffix(std::string pattern) { return {pattern, PatternSet::host_name, PatternKind::suffix, pattern}; }
Entry host_exact(std::string pattern) { return {pattern, PatternSet::host_name, PatternKind::exact, pattern}; }
Entry host_regex(std::string pattern) { return {pattern, PatternSet::host_name, PatternKind::regex, pattern}; }
Entry agent_regex(std::string pattern, float weight) {
    return {pattern, PatternSet::user_agent, PatternKind::regex, pattern, true, weight};
}

std::shared_ptr<const signatures::Bundle> bundle_of(const std::vector<Entry>& entries) {
    auto bundle = std::make_shared<signatures::Bundle>();
    bundle->version = "test";
    bundle->digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    for (const Entry& entry : entries) {
        auto& signature = bundle->signatures.emplace_back();
        signature.id = entry.id;
        signature.set = entry.set;
        signature.kind = entry.kind;
        signature.pattern = entry.pattern;
        signature.caseless = entry.caseless;
        signature.claim.weight = entry.weight;
        signature.position = {"devices/test.yaml", static_cast<int>(bundle->signatures.size())};
    }
    return bundle;
}

std::shared_ptr<const CompiledSignatures> compiled(const std::vector<Entry>& entries, const CompileOptions& options) {
    auto result = compile(bundle_of(entries), options);
    if (!result) throw std::runtime_error(result.error().text);
    return *result;
}

Scanner scanner_of(const std::shared_ptr<const CompiledSignatures>& signatures) {
    auto scanner = Scanner::create(signatures);
    if (!scanner) throw std::runtime_error(scanner.error().text);
    return std::move(*scanner);
}

std::vector<std::string> matches(Scanner& scanner, PatternSet set, std::string_view text, std::size_t limit) {
    std::vector<signatures::SignatureId> ids(limit);
    const std::size_t count = scanner.scan(set, text, ids);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back(scanner.signatures().bundle().signatures[ids[i]].id);
    return names;
}

}  // namespace telltale::match::testing
