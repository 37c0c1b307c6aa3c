// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "signatures/bundle.h"
#include "signatures/bundle_files.h"
#include "signatures/map_reader.h"
#include "signatures/problems.h"

namespace telltale::signatures {

// Where facts come from: an entry's source is "code" or "code:detail", and the code must be one of these.
struct Source {
    std::string code;
    std::string licence;
    FilePosition position;
};

// A bundle while its files are read: the tables as written, references not yet checked. Owned by load_bundle.
struct Draft {
    Bundle bundle;
    std::vector<Source> sources;
    UsualWeights weights;
};

// Reads one file's content into the draft. The top-level keys decide what the file holds: sources, owner with
// destinations, resolvers, makers, fingerprints, policies.
void parse_file(YamlValue root, std::string_view file, Draft& draft, Problems& problems);

void parse_sources(YamlValue list, std::string_view file, Draft& draft, Problems& problems);
void parse_owner(YamlValue owner, YamlValue destinations, std::string_view file, Draft& draft, Problems& problems);
void parse_resolvers(YamlValue list, std::string_view file, Draft& draft, Problems& problems);
void parse_makers(YamlValue list, std::string_view file, Draft& draft, Problems& problems);
void parse_fingerprints(YamlValue list, std::string_view file, Draft& draft, Problems& problems);
void parse_policies(YamlValue list, std::string_view file, Draft& draft, Problems& problems);

// Parses what destinations and fingerprints share: id, pattern, caseless, sources, examples. `kinds` are the allowed
// pattern keys; the entry must have exactly one.
void parse_pattern(MapReader& entry, bool suffix_allowed, Signature& out);
// Stable and readable: "xiaomi" and "tracking.intl.miui.com" give "xiaomi.tracking-intl-miui-com".
std::string derived_id(std::string_view owner, std::string_view pattern);
// Parses the map under `says`; returns false without one.
bool parse_claim(MapReader& entry, DeviceClaim& out);

}  // namespace telltale::signatures
