// SPDX-License-Identifier: Apache-2.0
#include "signatures/draft.h"

namespace telltale::signatures {

void parse_file(YamlValue root, std::string_view file, Draft& draft, Problems& problems) {
    MapReader reader(root, file, "a file", problems);
    const YamlValue sources = reader.child("sources", YamlKind::sequence);
    const YamlValue owner = reader.child("owner", YamlKind::map);
    const YamlValue destinations = reader.child("destinations", YamlKind::sequence);
    const YamlValue resolvers = reader.child("resolvers", YamlKind::sequence);
    const YamlValue makers = reader.child("makers", YamlKind::sequence);
    const YamlValue fingerprints = reader.child("fingerprints", YamlKind::sequence);
    const YamlValue policies = reader.child("policies", YamlKind::sequence);
    reader.finish();
    if (sources) parse_sources(sources, file, draft, problems);
    if (owner) {
        parse_owner(owner, destinations, file, draft, problems);
    } else if (destinations) {
        reader.fail(destinations.line(), "'destinations' needs an 'owner' in the same file");
    }
    if (resolvers) parse_resolvers(resolvers, file, draft, problems);
    if (makers) parse_makers(makers, file, draft, problems);
    if (fingerprints) parse_fingerprints(fingerprints, file, draft, problems);
    if (policies) parse_policies(policies, file, draft, problems);
}

void parse_sources(YamlValue list, std::string_view file, Draft& draft, Problems& problems) {
    for (YamlValue item = list.first(); item; item = item.next()) {
        MapReader entry(item, file, "source", problems);
        Source source;
        source.position = entry.position();
        source.code = entry.required_text("code");
        entry.required_text("what");
        entry.text("where");
        entry.text("version");
        source.licence = entry.required_text("licence");
        entry.text("notice");
        entry.finish();
        draft.sources.push_back(std::move(source));
    }
}

}  // namespace telltale::signatures
