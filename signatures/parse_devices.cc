// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "signatures/draft.h"

namespace telltale::signatures {
namespace {

// A MAC prefix alone names nobody: modules, docks and rebadged boards carry the prefix of who made the radio.
constexpr double kHighestRegistrantWeight = 0.55;
constexpr double kUsualRegistrantWeight = 0.4;

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
        maker.registrant_weight =
            static_cast<float>(entry.number("registrant_weight", 0, kHighestRegistrantWeight, kUsualRegistrantWeight));
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
