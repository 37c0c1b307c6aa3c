// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/correlate/what/application.h"
#include "sensor/correlate/what/evidence.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// The facts of a flow that policies ask for. Empty: not known.
struct DestinationFacts {
    std::string_view owner;
    std::string_view country;
    std::string_view category;
    std::string_view domain;
    Clear clear = Clear::unknown;
};

// A bundle's policies. A policy holds when all of its conditions do; one without conditions never does. A condition on
// something that is not known does not hold, also when it is negated: what nobody knows is no reason for an alert.
// destination.domain holds for the name itself and every name below it.
class Policies {
  public:
    // The bundle must outlive them.
    explicit Policies(const signatures::Bundle& bundle);

    [[nodiscard]] std::size_t size() const { return policies_.size(); }
    [[nodiscard]] bool holds(std::size_t policy, const KnownIdentity& device, const DestinationFacts& to) const;
    [[nodiscard]] bool asks_for_device(std::size_t policy) const { return policies_[policy].asks_for_device; }

  private:
    struct Policy {
        const std::vector<signatures::Condition>* conditions = nullptr;
        bool asks_for_device = false;
    };

    static std::string_view value_of(signatures::PolicyField field, const KnownIdentity& device,
                                     const DestinationFacts& to);
    static bool holds(const signatures::Condition& condition, const KnownIdentity& device, const DestinationFacts& to);

    std::vector<Policy> policies_;  // as in Bundle::policies
};

}  // namespace telltale::correlate
