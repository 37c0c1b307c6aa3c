// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/correlate/who/identifier.h"
#include "sensor/model/addresses.h"

namespace telltale::correlate {

// Number of a device, from 1 in order of appearance. 0: no device.
using DeviceIndex = std::uint32_t;
inline constexpr DeviceIndex kNoDevice = 0;

// The host behind endpoints. Owned by the DeviceTable, never removed.
struct Device {
    DeviceIndex index = kNoDevice;
    std::string id;                           // keyed hash of its first identifier
    std::vector<model::IpAddress> addresses;  // oldest first
    std::vector<model::MacAddress> macs;
    bool keyed_by_address = false;
    std::int64_t first_seen_ns = 0;
    std::vector<Identifier> identifiers;  // all that lead to it
    bool noted = false;                   // in DeviceTable's list of changed rows
};

}  // namespace telltale::correlate
