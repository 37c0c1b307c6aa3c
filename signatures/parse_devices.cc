// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "signatures/draft.h"

namespace telltale::signatures {
namespace {

// A MAC prefix alone names nobody: modules, docks and rebadged boards carry the prefix of who made the radio.
constexpr double kHighestRegistrantWeight = 0.55;
constexpr double kUsualRegistrantWeight = 0.4;

constexpr std::array<PatternSet, 4> kFingerprintSets = {PatternSet::user_agent, PatternSet::dhcp_vendor_class,
                                                        PatternSet::dhcp_fingerprint, PatternSet::dhcp_host_name};

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
    std::array<std::string_view, kFingerprintSets.size()> names{};
    for (std::size_t i = 0; i < names.size(); ++i) names.at(i) = to_string(kFingerprintSets.at(i));
    for (YamlValue item = list.first(); item; item = item.next()) {
        MapReader entry(item, file, "fingerprint", problems);
        Signature signature;
        if (const auto set = entry.word("set", names)) signature.set = kFingerprintSets.at(*set);
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
