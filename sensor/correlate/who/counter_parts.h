// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/base/counters.h"

namespace telltale::correlate {

// The counters of several parts as one struct. Whoever adds, shows or tests them walks this one list of parts.
template <typename... Parts>
struct CounterParts : Parts... {
    CounterParts() = default;
    explicit CounterParts(const Parts&... parts) : Parts(parts)... {}

    void add(const CounterParts& one) { (base::add(static_cast<Parts&>(*this), static_cast<const Parts&>(one)), ...); }

    // Calls report(const CounterValue&) for every counter.
    template <typename Report>
    void visit(Report&& report) const {
        (base::visit(static_cast<const Parts&>(*this), report), ...);
    }
    // Calls take(part) for every part.
    template <typename Take>
    void for_each_part(Take&& take) {
        (take(static_cast<Parts&>(*this)), ...);
    }
};

}  // namespace telltale::correlate
