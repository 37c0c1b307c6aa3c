// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/correlate/what/kept.h"
#include "sensor/correlate/who/kept.h"

namespace telltale::correlate {

// The state that outlives a restart: known devices are not announced again, contacts are not first ones again, open
// alerts stay open, and flows that go on are still named by earlier DNS answers. Open flows and the ledger's rows are
// not in it: a sensor that ends reports them. The same for any number of partitions.

// A device, as both halves know it.
struct SavedDevice {
    KeptDevice who;
    KeptProfile what;
};

inline constexpr unsigned kStateVersion = 1;

// The head of a state.
struct StateHead {
    unsigned version = 0;
    std::string site;
    std::string segments;
};

// The kinds of rows, in the order in which they are read: a row follows the device that it names.
inline constexpr auto kRowKinds = std::to_array<std::string_view>(
    {"state", "device", "report", "evidence", "mac", "address", "prefix", "name", "contact", "alert"});

struct SavedState {
    // A keyed hash of the site, and what the caller says that segments mean (the taps in their order). If these differ,
    // ids and segments of the saved state mean something else.
    std::string site;
    std::string segments;
    std::vector<SavedDevice> devices;
    std::vector<KeptMac> macs;
    std::vector<KeptAddress> addresses;
    std::vector<KeptPrefix> prefixes;
    std::vector<KeptName> names;
    std::vector<KeptContact> contacts;
    std::vector<KeptAlert> alerts;
};

}  // namespace telltale::correlate
