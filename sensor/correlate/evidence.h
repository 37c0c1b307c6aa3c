// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sensor/correlate/counters.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"
#include "signatures/regex.h"

namespace telltale::correlate {

// Where evidence comes from: Evidence::source.
enum class EvidenceSource : std::uint8_t {
    mac_prefix,
    dhcp_vendor_class,
    dhcp_fingerprint,
    dhcp_host_name,
    user_agent,
    destination,   // hosts that only the maker's own devices talk to
    push_service,  // what its maker's push service is told of it, in clear
    forwarding,    // it passes on other hosts' packets; the last one
};
std::string_view to_string(EvidenceSource source);

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

// What the evidence adds up to.
struct Identity {
    Belief maker;  // Maker::id
    Belief os;
    Belief device_class;
    std::string model;
    std::string os_version;

    bool operator==(const Identity&) const = default;
};

// A device's evidence. Adding the same observation again changes nothing.
class EvidenceSet {
  public:
    // A MAC prefix names the owner of a radio module as often as the maker of a device: alone it must not identify.
    static constexpr double kMaxPrefixWeight = 0.45;

    // False when it was known. When the set is full the weakest item makes room if the new one is stronger.
    bool add(EvidenceItem item, std::size_t max_items, Counters& counters);

    // For each of maker, system and class: a value's confidence is the noisy-or of the strongest observation of each
    // source, 1 - (1 - w1)(1 - w2)...; the best value wins (ties: the smaller text), and half of the strongest
    // contradiction is taken off: best * (1 - other / 2). Systems of one family do not contradict each other. A user
    // agent is what a program says: where the device's DHCP names a system of another family, it counts only
    // kForeignAgent, because then it comes from a virtual machine, an emulator or a device behind this one.
    [[nodiscard]] Identity identity() const;
    [[nodiscard]] const std::vector<EvidenceItem>& items() const { return items_; }

    static constexpr double kForeignAgent = 0.3;

  private:
    std::vector<EvidenceItem> items_;  // in the order of their first observation
};

// Fills a signature's claim from the text that matched it. Owned by the correlator; compiles each pattern once.
class ClaimFiller {
  public:
    // `signature` must outlive the filler.
    signatures::DeviceClaim fill(const signatures::Signature& signature, std::string_view text);

  private:
    std::unordered_map<const signatures::Signature*, std::optional<signatures::Regex>> patterns_;
};

}  // namespace telltale::correlate
