// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/policies.h"

#include <algorithm>
#include <array>

namespace telltale::correlate {
namespace {

bool is_at_or_below(std::string_view name, std::string_view domain) {
    if (domain.empty() || !name.ends_with(domain)) return false;
    return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

}  // namespace

Policies::Policies(const signatures::Bundle& bundle) {
    for (const signatures::Policy& source : bundle.policies) {
        Policy& policy = policies_.emplace_back();
        for (const signatures::Condition& condition : source.when) {
            const Subject subject = subject_of(condition.field);
            policy.conditions.push_back({subject, &condition});
            policy.asks_for_device = policy.asks_for_device || condition.field.starts_with("device.");
        }
    }
}

bool Policies::holds(std::size_t policy, const KnownIdentity& device, const DestinationFacts& to) const {
    const auto& conditions = policies_[policy].conditions;
    return !conditions.empty() && std::all_of(conditions.begin(), conditions.end(),
                                              [&](const Condition& condition) { return holds(condition, device, to); });
}

Policies::Subject Policies::subject_of(std::string_view field) {
    static constexpr std::array<std::string_view, 8> kFields = {
        "device.maker",        "device.class",         "device.os",          "destination.owner",
        "destination.country", "destination.category", "destination.domain", "transport.cleartext"};
    return static_cast<Subject>(std::find(kFields.begin(), kFields.end(), field) - kFields.begin());
}

std::string_view Policies::value_of(Subject subject, const KnownIdentity& device, const DestinationFacts& to) {
    switch (subject) {
        case Subject::device_maker: return device.maker;
        case Subject::device_class: return device.device_class;
        case Subject::device_os: return device.os;
        case Subject::destination_owner: return to.owner;
        case Subject::destination_country: return to.country;
        case Subject::destination_category: return to.category;
        case Subject::destination_domain: return to.domain;
        case Subject::transport_cleartext:
            return to.clear == Clear::yes ? "true" : to.clear == Clear::no ? "false" : "";
        case Subject::unknown: return {};
    }
    return {};
}

bool Policies::holds(const Condition& condition, const KnownIdentity& device, const DestinationFacts& to) {
    const std::string_view value = value_of(condition.subject, device, to);
    if (value.empty()) return false;
    const auto& wanted = condition.source->values;
    const bool listed = std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) {
        return condition.subject == Subject::destination_domain ? is_at_or_below(value, one) : value == one;
    });
    return listed != condition.source->negated;
}

}  // namespace telltale::correlate
