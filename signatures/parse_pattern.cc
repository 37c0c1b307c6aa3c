// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "signatures/draft.h"

namespace telltale::signatures {

void parse_pattern(MapReader& entry, bool suffix_allowed, Signature& out) {
    out.position = entry.position();
    out.id = entry.text("id");
    int given = 0;
    for (const PatternKind kind : base::enumerators<PatternKind>()) {
        const std::string_view key = to_string(kind);
        if (kind == PatternKind::suffix && !suffix_allowed) continue;
        if (!entry.any(key)) continue;
        ++given;
        out.kind = kind;
        out.pattern = entry.text(key);
    }
    if (given != 1) {
        entry.fail(out.position.line, std::string("needs exactly one of ") +
                                          (suffix_allowed ? "'suffix', 'exact' and 'regex'" : "'exact' and 'regex'"));
    }
    out.caseless = entry.flag("caseless", true);
    out.sources = entry.required_texts("sources");
    out.match = entry.required_texts("match");
    out.no_match = entry.required_texts("no_match");
}

std::string derived_id(std::string_view owner, std::string_view pattern) {
    std::string id(owner);
    id += '.';
    for (const char c : pattern) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (plain) {
            id += c;
        } else if (id.back() != '-' && id.back() != '.') {
            id += '-';
        }
    }
    return id;
}

bool parse_claim(MapReader& entry, DeviceClaim& out) {
    const YamlValue says = entry.child("says", YamlKind::map);
    if (!says) return false;
    MapReader claim(says, entry.file(), "says", entry.problems());
    out.maker = claim.text("maker");
    out.model = claim.text("model");
    if (claim.any("os")) {
        if (const auto os = claim.word("os", base::kWords<System>)) out.os = base::kWords<System>.at(*os);
    }
    out.os_version = claim.text("os_version");
    if (claim.any("class")) {
        if (const auto device_class = claim.word("class", base::kWords<DeviceClass>)) {
            out.device_class = base::kWords<DeviceClass>.at(*device_class);
        }
    }
    if (!claim.any("weight")) claim.fail(says.line(), "says needs 'weight', from 0.05 to 1");
    out.weight = static_cast<float>(claim.number("weight", 0.05, 1, 0.05));
    claim.finish();
    if (out.maker.empty() && out.model.empty() && out.os.empty() && out.device_class.empty()) {
        entry.fail(says.line(), "says needs at least one of maker, model, os, class");
    }
    return true;
}

}  // namespace telltale::signatures
