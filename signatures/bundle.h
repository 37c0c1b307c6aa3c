// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signatures/said.h"
#include "signatures/vocabulary.h"

namespace telltale::signatures {

// Position of an entry in the bundle's files, for messages.
struct FilePosition {
    std::string file;
    int line = 0;
};

// Who controls the data that a destination receives. `country` is the country of control (ISO 3166-1 alpha-2), never
// that of the hosting.
struct Owner {
    std::string id;
    std::string name;
    std::string legal_name;
    std::string country;
    std::vector<std::string> sources;
    FilePosition position;
};

// A maker of devices: who made the device (ECS: device.manufacturer). Its id equals its owner's id where it has one.
// `registrants` are the organisation names of the IEEE registry that speak for this maker.
struct Maker {
    std::string id;
    std::string name;
    std::vector<std::string> registrants;
    float registrant_weight = 0;  // how much a MAC prefix alone speaks for the maker: a prefix alone names nobody
    std::vector<std::string> sources;
    FilePosition position;
};

// Claim of a match about a device. Empty fields claim nothing. "$1".."$9" stand for the pattern's groups, which PCRE2
// fills in correlate, never on a worker.
struct DeviceClaim {
    std::string maker;  // Maker::id
    std::string model;
    std::string os;  // ECS host.os.family style: android, ios, ipados, macos, windows, linux, tizen, ...
    std::string os_version;
    std::string device_class;  // phone, tablet, laptop, desktop, tv, camera, printer, watch, router, iot, console, ...
    float weight = 0;          // 0..1: how much one such observation speaks for what it says
};

// A signature: a pattern with what it means, its source and its own tests. Destinations and fingerprints share one id
// space: SignatureId is the index into Bundle::signatures and fits the records' header.
using SignatureId = std::uint32_t;
inline constexpr SignatureId kNoSignature = 0xffffffff;

struct Signature {
    std::string id;  // "xiaomi.tracking-intl-miui-com": stable, unique in the bundle
    PatternSet set = PatternSet::host_name;
    PatternKind kind = PatternKind::suffix;
    std::string pattern;
    bool caseless = true;

    // Destinations (set == host_name).
    std::int32_t owner = -1;  // index into Bundle::owners, -1 for a fingerprint
    Category category = Category::other;
    bool maker_only = false;  // only the maker's own devices talk to it: speaks for the device's maker

    // Fingerprints, and destinations with maker_only.
    DeviceClaim claim;

    std::vector<std::string> sources;
    std::vector<std::string> match;     // texts that must match
    std::vector<std::string> no_match;  // texts that must not
    FilePosition position;
};

// One condition of a policy: every value list means "is one of"; `negated` means "is not one of".
struct Condition {
    PolicyField field = PolicyField::device_maker;
    std::vector<std::string> values;
    bool negated = false;
};

// A policy of the organisation: an alert is raised if all conditions hold.
struct Policy {
    std::string id;
    std::string name;
    std::string description;
    std::vector<Condition> when;
    std::uint8_t severity = 0;    // 1 low, 2 medium, 3 high, 4 critical
    std::uint8_t risk_score = 0;  // 0..100
    std::vector<std::string> sources;
    FilePosition position;
};

// A set of signatures, owners, makers and policies, validated as a whole. Immutable after loading; shared by all
// threads.
struct Bundle {
    std::string version;          // of the manifest
    std::int64_t released_s = 0;  // the manifest's day, in seconds since 1970; 0: it has none
    std::string digest;           // SHA-256 of the files, hexadecimal: keys the cache of compiled databases
    std::vector<Owner> owners;
    std::vector<Maker> makers;
    std::vector<Signature> signatures;
    std::vector<Signature>
        resolvers;  // names of resolvers that answer over HTTPS: suffixes, without owner; not compiled
    std::vector<Policy> policies;
};

}  // namespace telltale::signatures
