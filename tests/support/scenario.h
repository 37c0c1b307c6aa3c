// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "tests/support/scenario/truth.h"
#include "tests/support/tcp_conversation.h"

namespace telltale::support {

// Whole captures, Ethernet, deterministic: the same name, seed and size give the same bytes on every machine.
struct ScenarioInfo {
    std::string_view name;
    std::string_view summary;
};

struct ScenarioOptions {
    std::uint64_t seed = 1;
    std::uint64_t packets = 0;  // approximately; 0: the scenario's own size
};

std::span<const ScenarioInfo> scenarios();

// Passes the frames to `out` in order of time and counts each in `truth`. Keeps only frames in flight, so that memory
// does not limit the size. Throws std::invalid_argument for a name that is not listed.
void write_scenario(std::string_view name, const ScenarioOptions& options, const FrameSink& out, Truth& truth);

// Start of every scenario: 2026-03-03 08:00:00 UTC, a Tuesday.
inline constexpr std::uint64_t kScenarioStartNs = 1'772'524'800'000'000'000;

}  // namespace telltale::support
