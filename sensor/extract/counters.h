// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sensor/extract/registry.h"

namespace telltale::extract {

// What became of a protocol's messages: X(member, help).
#define TELLTALE_EXTRACT_COUNTERS(X)                                                              \
    X(done, "messages read; also those that were cut")                                            \
    X(cut, "messages read as far as the capture or a limit allowed")                              \
    X(need_more, "times that a message had to wait for more of its stream")                       \
    X(not_mine, "message starts that looked like the protocol's and were not")                    \
    X(finished, "directions of a stream that were left because nothing of interest would follow") \
    X(lost, "records that found no room in the batch's buffer")

inline constexpr std::string_view kMalformedReasons[] = {
#define X(name, help) #name,
    TELLTALE_MALFORMED_REASONS(X)
#undef X
};
inline constexpr std::size_t kMalformedCount = sizeof kMalformedReasons / sizeof kMalformedReasons[0];

struct ProtocolCounters {
#define X(name, help) std::uint64_t name = 0;
    TELLTALE_EXTRACT_COUNTERS(X)
#undef X
    std::array<std::uint64_t, kMalformedCount> malformed{};
};

// Written by one worker's thread only. Indexed as kProtocols.
struct ExtractCounters {
    std::array<ProtocolCounters, kProtocolCount> protocols{};
    std::uint64_t unknown_streams = 0;  // directions of streams that were given up: no protocol knew their first bytes
};

// Calls visit(protocol, name, reason, help, value) for every counter; `reason` is empty but for "malformed".
template <typename Visit>
void for_each_counter(const ExtractCounters& counters, Visit&& visit) {
    for (std::size_t i = 0; i < kProtocolCount; ++i) {
        const ProtocolCounters& of = counters.protocols[i];
        const std::string_view protocol = kProtocols[i].name;
#define X(name, help) visit(protocol, std::string_view(#name), std::string_view(), std::string_view(help), of.name);
        TELLTALE_EXTRACT_COUNTERS(X)
#undef X
        std::size_t reason = 0;
#define X(name, help)                                                                               \
    visit(protocol, std::string_view("malformed"), std::string_view(#name), std::string_view(help), \
          of.malformed[reason++]);
        TELLTALE_MALFORMED_REASONS(X)
#undef X
    }
    visit(std::string_view(), std::string_view("unknown_streams"), std::string_view(),
          std::string_view("directions of streams that were given up: no protocol knew their first bytes"),
          counters.unknown_streams);
}

}  // namespace telltale::extract
