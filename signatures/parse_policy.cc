// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "sensor/model/event_words.h"
#include "signatures/draft.h"

namespace telltale::signatures {
namespace {

// The middle of what Elastic's detection rules use for each severity; a policy's is low at least.
constexpr base::EnumArray<model::Severity, double> kUsualRiskScores({0, 21, 47, 73, 99});
constexpr std::size_t kLowestSeverity = base::index_of(model::Severity::low);

void parse_condition(MapReader& when, PolicyField field, Policy& policy) {
    const std::string_view key = to_string(field);
    const YamlValue value = when.any(key);
    if (!value) return;
    Condition condition;
    condition.field = field;
    if (value.kind() == YamlKind::map) {
        MapReader inner(value, when.file(), "condition", when.problems());
        condition.values = inner.required_texts("not");
        condition.negated = true;
        inner.finish();
    } else {
        condition.values = when.required_texts(key);
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
        const auto severities = std::span(base::kWords<model::Severity>).subspan(kLowestSeverity);
        if (const auto severity = entry.word("severity", severities)) {
            policy.severity = static_cast<std::uint8_t>(*severity + kLowestSeverity);
            const double usual = kUsualRiskScores[static_cast<model::Severity>(policy.severity)];
            policy.risk_score = static_cast<std::uint8_t>(entry.number("risk_score", 0, 100, usual));
        } else {
            entry.any("risk_score");
        }
        if (const YamlValue conditions = entry.child("when", YamlKind::map)) {
            MapReader when(conditions, file, "when", problems);
            for (const PolicyField field : base::enumerators<PolicyField>()) parse_condition(when, field, policy);
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
