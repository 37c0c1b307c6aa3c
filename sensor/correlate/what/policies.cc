// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/policies.h"

#include <algorithm>

namespace telltale::correlate {
using signatures::PolicyField;

namespace {

bool is_at_or_below(std::string_view name, std::string_view domain) {
    if (domain.empty() || !name.ends_with(domain)) return false;
    return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

}  // namespace

Policies::Policies(const signatures::Bundle& bundle) {
    for (const signatures::Policy& source : bundle.policies) {
        const auto asks_for_device = [](const signatures::Condition& condition) {
            return signatures::kPolicySubject[condition.field] == signatures::PolicySubject::device;
        };
        policies_.push_back({&source.when, std::any_of(source.when.begin(), source.when.end(), asks_for_device)});
    }
}

bool Policies::holds(std::size_t policy, const KnownIdentity& device, const DestinationFacts& to) const {
    const auto& conditions = *policies_[policy].conditions;
    return !conditions.empty() && std::all_of(conditions.begin(), conditions.end(),
                                              [&](const auto& condition) { return holds(condition, device, to); });
}

std::string_view Policies::value_of(PolicyField field, const KnownIdentity& device, const DestinationFacts& to) {
    switch (field) {
        case PolicyField::device_maker: return device.maker;
        case PolicyField::device_class: return device.device_class;
        case PolicyField::device_os: return device.os;
        case PolicyField::destination_owner: return to.owner;
        case PolicyField::destination_country: return to.country;
        case PolicyField::destination_category: return to.category;
        case PolicyField::destination_domain: return to.domain;
        case PolicyField::transport_cleartext:
            return to.clear == Clear::yes ? "true" : to.clear == Clear::no ? "false" : "";
    }
    return {};
}

bool Policies::holds(const signatures::Condition& condition, const KnownIdentity& device, const DestinationFacts& to) {
    const std::string_view value = value_of(condition.field, device, to);
    if (value.empty()) return false;
    const bool listed = std::any_of(condition.values.begin(), condition.values.end(), [&](const std::string& one) {
        return condition.field == PolicyField::destination_domain ? is_at_or_below(value, one) : value == one;
    });
    return listed != condition.negated;
}

}  // namespace telltale::correlate
