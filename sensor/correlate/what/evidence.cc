// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/evidence.h"

#include <algorithm>

#include "sensor/correlate/what/bounded_text.h"
#include "signatures/vocabulary.h"

namespace telltale::correlate {
namespace {

using signatures::DeviceClaim;
using signatures::Speaker;

// Returns the system's family; a word that is no system is its own.
std::string_view os_family(std::string_view os) {
    const auto system = base::from_word<signatures::System>(os);
    return system ? signatures::kSystemFamily[*system] : os;
}

bool contradicts(std::string DeviceClaim::*field, const std::string& left, const std::string& right) {
    return field != &DeviceClaim::os || os_family(left) != os_family(right);
}

using Weigh = double (*)(const EvidenceItem& item, const std::string& system);

double plain_weight(const EvidenceItem& item, const std::string&) {
    return std::clamp(static_cast<double>(item.claim.weight), 0.0, signatures::kHighestWeight[item.source]);
}

double weight_of_system(const EvidenceItem& item, const std::string& system) {
    return signatures::kSpeakerOf[item.source] == Speaker::system ? plain_weight(item, system) : 0;
}

double weight_beside(const EvidenceItem& item, const std::string& system) {
    const bool foreign = signatures::kSpeakerOf[item.source] == Speaker::program && !system.empty() &&
                         !item.claim.os.empty() && os_family(item.claim.os) != os_family(system);
    return plain_weight(item, system) * (foreign ? EvidenceSet::kForeignProgram : 1);
}

Belief believe(const std::vector<EvidenceItem>& items, std::string DeviceClaim::*field, const std::string& system,
               Weigh weigh) {
    struct Candidate {
        const std::string* value;
        base::EnumArray<EvidenceSource, double> strongest{};
        double confidence = 0;
    };
    std::vector<Candidate> candidates;  // few
    for (const EvidenceItem& item : items) {
        const std::string& value = item.claim.*field;
        const double weight = value.empty() ? 0 : weigh(item, system);
        if (weight <= 0) continue;
        auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [&](const Candidate& candidate) { return *candidate.value == value; });
        if (found == candidates.end()) found = candidates.insert(candidates.end(), Candidate{&value});
        double& best = found->strongest[item.source];
        best = std::max(best, weight);
    }
    const Candidate* winner = nullptr;
    for (Candidate& candidate : candidates) {
        double doubt = 1;
        for (double weight : candidate.strongest) doubt *= 1 - weight;
        candidate.confidence = 1 - doubt;
        const bool better = winner == nullptr || candidate.confidence > winner->confidence ||
                            (candidate.confidence == winner->confidence && *candidate.value < *winner->value);
        if (better) winner = &candidate;
    }
    if (winner == nullptr) return {};
    double other = 0;
    for (const Candidate& candidate : candidates) {
        if (&candidate != winner && contradicts(field, *candidate.value, *winner->value)) {
            other = std::max(other, candidate.confidence);
        }
    }
    return {*winner->value, winner->confidence * (1 - other / 2)};
}

// The strongest observation that says it and does not speak for somebody else than the winner; ties: the earliest.
std::string detail(const std::vector<EvidenceItem>& items, std::string DeviceClaim::*field,
                   std::string DeviceClaim::*of, const std::string& winner, const std::string& system) {
    const EvidenceItem* best = nullptr;
    double best_weight = 0;
    for (const EvidenceItem& item : items) {
        const std::string& whose = item.claim.*of;
        const double weight = weight_beside(item, system);
        if ((item.claim.*field).empty() || (!whose.empty() && whose != winner) || weight <= best_weight) continue;
        best = &item;
        best_weight = weight;
    }
    return best == nullptr ? std::string() : best->claim.*field;
}

}  // namespace

KnownIdentity known_identity(const Identity& identity, double least_confidence) {
    const auto certain = [&](const Belief& belief) {
        return belief.confidence >= least_confidence ? belief.value : std::string();
    };
    return {certain(identity.maker), certain(identity.os), certain(identity.device_class)};
}

bool EvidenceSet::add(EvidenceItem item, std::size_t max_items, EvidenceCounters& counters) {
    item.value = bounded(item.value);
    const auto known = std::find_if(items_.begin(), items_.end(), [&](const EvidenceItem& other) {
        return other.source == item.source && other.signature_id == item.signature_id && other.value == item.value;
    });
    if (known != items_.end()) return false;
    if (items_.size() < max_items) {
        items_.push_back(std::move(item));
        return true;
    }
    ++counters.evidence_over_limit;
    const auto weakest = std::min_element(items_.begin(), items_.end(), [](const auto& left, const auto& right) {
        return left.claim.weight < right.claim.weight;
    });
    if (weakest == items_.end() || weakest->claim.weight >= item.claim.weight) return false;
    items_.erase(weakest);
    items_.push_back(std::move(item));
    return true;
}

Identity EvidenceSet::identity() const {
    constexpr double kSystemKnown = 0.5;
    const Belief own = believe(items_, &DeviceClaim::os, {}, weight_of_system);
    const std::string system = own.confidence >= kSystemKnown ? own.value : std::string();
    Identity identity;
    identity.maker = believe(items_, &DeviceClaim::maker, system, weight_beside);
    identity.os = believe(items_, &DeviceClaim::os, system, weight_beside);
    identity.device_class = believe(items_, &DeviceClaim::device_class, system, weight_beside);
    identity.model = detail(items_, &DeviceClaim::model, &DeviceClaim::maker, identity.maker.value, system);
    identity.os_version = detail(items_, &DeviceClaim::os_version, &DeviceClaim::os, identity.os.value, system);
    return identity;
}

}  // namespace telltale::correlate
