// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "signatures/draft.h"

namespace telltale::signatures {
namespace {

// Every set but the one of destinations.
constexpr std::size_t kFirstFingerprintSet = base::index_of(PatternSet::host_name) + 1;
static_assert(kFirstFingerprintSet == 1);

}  // namespace

void parse_makers(YamlValue list, std::string_view file, Draft& draft, Problems& problems) {
    for (YamlValue item = list.first(); item; item = item.next()) {
        MapReader entry(item, file, "maker", problems);
        Maker maker;
        maker.position = entry.position();
        maker.id = entry.required_text("id");
        maker.name = entry.required_text("name");
        maker.registrants = entry.texts("registrants");
        const bool weighed = draft.weights.registrant || maker.registrants.empty() || entry.any("registrant_weight");
        maker.registrant_weight = static_cast<float>(
            entry.number("registrant_weight", 0, kHighestRegistrantWeight, draft.weights.registrant.value_or(0)));
        if (!weighed) {
            entry.fail(maker.position.line,
                       "'registrants' have no weight: give 'registrant_weight', or 'weights' in the manifest");
        }
        maker.sources = entry.required_texts("sources");
        entry.text("note");
        entry.finish();
        draft.bundle.makers.push_back(std::move(maker));
    }
}

void parse_fingerprints(YamlValue list, std::string_view file, Draft& draft, Problems& problems) {
    const auto sets = std::span(base::kWords<PatternSet>).subspan(kFirstFingerprintSet);
    for (YamlValue item = list.first(); item; item = item.next()) {
        MapReader entry(item, file, "fingerprint", problems);
        Signature signature;
        if (const auto set = entry.word("set", sets)) {
            signature.set = static_cast<PatternSet>(*set + kFirstFingerprintSet);
        }
        parse_pattern(entry, false, signature);
        if (signature.id.empty()) entry.required_text("id");
        if (!parse_claim(entry, signature.claim)) {
            entry.fail(signature.position.line, "fingerprint needs 'says': what the match means");
        }
        entry.text("note");
        entry.finish();
        // An unreadable set keeps a value that no fingerprint may have; the problem above stops the load anyway.
        draft.bundle.signatures.push_back(std::move(signature));
    }
}

}  // namespace telltale::signatures
