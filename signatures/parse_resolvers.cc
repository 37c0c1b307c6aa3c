// SPDX-License-Identifier: Apache-2.0
#include "signatures/draft.h"

namespace telltale::signatures {

void parse_resolvers(YamlValue list, std::string_view file, Draft& draft, Problems& problems) {
    for (YamlValue item = list.first(); item; item = item.next()) {
        MapReader entry(item, file, "resolver", problems);
        Signature resolver;
        resolver.set = PatternSet::host_name;
        parse_pattern(entry, true, resolver);
        entry.text("note");
        entry.finish();
        if (!resolver.pattern.empty() && resolver.kind != PatternKind::suffix) {
            entry.fail(resolver.position.line, "a resolver is named by 'suffix'");
        }
        if (!resolver.caseless) entry.fail(resolver.position.line, "host names are always caseless");
        if (resolver.id.empty()) resolver.id = derived_id("resolver", resolver.pattern);
        draft.bundle.resolvers.push_back(std::move(resolver));
    }
}

}  // namespace telltale::signatures
