// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "sensor/base/counters.h"
#include "sensor/model/record.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

#define TELLTALE_MATCHED_COUNTERS(X) X(signatures_out_of_range, counter, "Signature ids that the bundle does not have")

// Counted by Matched.
struct MatchedCounters {
    TELLTALE_COUNTERS(MatchedCounters, TELLTALE_MATCHED_COUNTERS)
};

// Looks up the signatures that a record matched. Single-threaded.
class Matched {
  public:
    explicit Matched(const signatures::Bundle& bundle) : bundle_(bundle) {}

    // Calls visit(SignatureId, const Signature&) for each of them, most specific first, until it returns false.
    template <typename Visit>
    void for_each(const model::RecordHeader& header, Visit&& visit) {
        const auto count = std::min<std::size_t>(header.signature_count, header.signatures.size());
        for (std::size_t i = 0; i < count; ++i) {
            const signatures::SignatureId id = header.signatures[i];
            if (id >= bundle_.signatures.size()) {
                ++counters_.signatures_out_of_range;
            } else if (!visit(id, bundle_.signatures[id])) {
                return;
            }
        }
    }
    // The most specific signature of a host name; kNoSignature without one.
    signatures::SignatureId host_name(const model::RecordHeader& header) {
        signatures::SignatureId found = signatures::kNoSignature;
        for_each(header, [&](signatures::SignatureId id, const signatures::Signature& signature) {
            if (signature.set == signatures::PatternSet::host_name) found = id;
            return found == signatures::kNoSignature;
        });
        return found;
    }
    [[nodiscard]] const MatchedCounters& counters() const { return counters_; }

  private:
    const signatures::Bundle& bundle_;
    MatchedCounters counters_;
};

}  // namespace telltale::correlate
