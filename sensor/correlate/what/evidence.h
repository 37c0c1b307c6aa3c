// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"
#include "signatures/said.h"

namespace telltale::correlate {

using signatures::EvidenceSource;

// One observation and what it claims. The groups of the claim's "$1" are filled.
struct EvidenceItem {
    EvidenceSource source = EvidenceSource::mac_prefix;
    std::string value;
    std::string signature_id;
    signatures::DeviceClaim claim;
    std::int64_t seen_ns = 0;
};

struct Belief {
    std::string value;
    double confidence = 0;  // 0..1

    bool operator==(const Belief&) const = default;
};

// The sum of the evidence.
struct Identity {
    Belief maker;  // Maker::id
    Belief os;
    Belief device_class;
    std::string model;
    std::string os_version;

    bool operator==(const Identity&) const = default;
};

// The beliefs that are certain enough for events and policies; the others are empty.
struct KnownIdentity {
    std::string maker;
    std::string os;
    std::string device_class;

    bool operator==(const KnownIdentity&) const = default;
};
// Where the site says nothing else.
inline constexpr double kIdentifiedConfidence = 0.5;
KnownIdentity known_identity(const Identity& identity, double least_confidence);

#define TELLTALE_EVIDENCE_COUNTERS(X) \
    X(evidence_over_limit, counter, "Observations that found no room in a device's evidence")

// Counted by whoever adds evidence.
struct EvidenceCounters {
    TELLTALE_COUNTERS(EvidenceCounters, TELLTALE_EVIDENCE_COUNTERS)
};

// A device's evidence. Adding the same observation again changes nothing.
class EvidenceSet {
  public:
    // False when it was known. When the set is full the weakest item makes room if the new one is stronger.
    bool add(EvidenceItem item, std::size_t max_items, EvidenceCounters& counters);

    // For each of maker, system and class: a value's confidence is the noisy-or of the strongest observation of each
    // source, 1 - (1 - w1)(1 - w2)...; the best value wins (ties: the smaller text), and half of the strongest
    // contradiction is taken off: best * (1 - other / 2). Systems of one family do not contradict each other. Where the
    // device's own system (Speaker::system) is of another family than a program says, the program's word counts only
    // kForeignProgram: it comes from a virtual machine, an emulator or a device behind this one.
    [[nodiscard]] Identity identity() const;
    [[nodiscard]] const std::vector<EvidenceItem>& items() const { return items_; }

    static constexpr double kForeignProgram = 0.3;

  private:
    std::vector<EvidenceItem> items_;  // in the order of their first observation
};

}  // namespace telltale::correlate
