// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "signatures/draft.h"

namespace telltale::signatures {
namespace {

constexpr std::array<std::string_view, 8> kFields = {
    "device.maker",        "device.class",         "device.os",          "destination.owner",
    "destination.country", "destination.category", "destination.domain", "transport.cleartext"};
constexpr std::array<std::string_view, 4> kSeverities = {"low", "medium", "high", "critical"};
// The middle of what Elastic's detection rules use for each severity.
constexpr std::array<double, 4> kUsualRiskScores = {21, 47, 73, 99};

void parse_condition(MapReader& when, std::string_view field, Policy& policy) {
    const YamlValue value = when.any(field);
    if (!value) return;
    Condition condition;
    condition.field = field;
    if (value.kind() == YamlKind::map) {
        MapReader inner(value, when.file(), "condition", when.problems());
        condition.values = inner.required_texts("not");
        condition.negated = true;
        inner.finish();
    } else {
        condition.values = when.required_texts(field);
    }
    policy.when.push_back(std::move(condition));
}

}  // namespace

void parse_policies(YamlValue list, std::string_view file, Draft& draft, Problems& problems) {
    for (YamlValue item = list.first(); item; item = item.next()) {
        MapReader entry(item, file, "policy", problems);
        Policy policy;
        policy.position = entry.position();
        policy.id = entry.required_text("id");
        policy.name = entry.required_text("name");
        policy.description = entry.required_text("description");
        policy.sources = entry.required_texts("sources");
        if (const auto severity = entry.word("severity", kSeverities)) {
            policy.severity = static_cast<std::uint8_t>(*severity + 1);
            policy.risk_score =
                static_cast<std::uint8_t>(entry.number("risk_score", 0, 100, kUsualRiskScores.at(*severity)));
        } else {
            entry.any("risk_score");
        }
        if (const YamlValue conditions = entry.child("when", YamlKind::map)) {
            MapReader when(conditions, file, "when", problems);
            for (const std::string_view field : kFields) parse_condition(when, field, policy);
            when.finish();
            if (policy.when.empty()) entry.fail(conditions.line(), "'when' needs at least one condition");
        } else if (!entry.any("when")) {
            entry.fail(policy.position.line, "policy needs 'when'");
        }
        entry.finish();
        draft.bundle.policies.push_back(std::move(policy));
    }
}

}  // namespace telltale::signatures
