// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/scenario.h"
#include "tests/support/scenario/local_network.h"

namespace telltale::support {

inline constexpr std::uint64_t kMillisecondNs = 1'000'000;
inline constexpr std::uint64_t kSecondNs = 1'000'000'000;

// Each fills a timeline and runs it.
void run_office_day(Timeline& timeline, Truth& truth, const ScenarioOptions& options);
void run_handshake_poor(Timeline& timeline, Truth& truth, const ScenarioOptions& options);
void run_hello_rich(Timeline& timeline, Truth& truth, const ScenarioOptions& options);

// The first boot of a phone of 2014 as it was documented: before any account exists, the maker's account host gets
// IMEI, IMSI and phone numbers over HTTP. Numbers are from test ranges.
void schedule_first_boot(LocalNetwork& network, Timeline& timeline, LocalHost& phone, std::uint64_t time_ns);

}  // namespace telltale::support
