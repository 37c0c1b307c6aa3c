// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/correlate/who/device.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

// The knowledge that who hands to the next run, as plain data. Devices go by their number, from 1, in order of
// appearance.

// A device with its endpoints.
struct KeptDevice {
    std::string id;
    std::vector<std::string> identifiers;  // Identifier::text(): what its id was made of, and others that lead to it
    std::vector<model::IpAddress> addresses;
    std::vector<model::MacAddress> macs;
    bool keyed_by_address = false;
    std::int64_t first_seen_ns = 0;
};

// A MAC address in a segment.
struct KeptMac {
    model::Segment segment;
    model::MacAddress mac;
    DeviceIndex device = kNoDevice;
    bool router = false;
    std::vector<model::IpAddress> unbound;
};

// A home address in a segment.
struct KeptAddress {
    model::Segment segment;
    model::IpAddress address;
    DeviceIndex device = kNoDevice;
    model::MacAddress bound_mac;
};

// A learned IPv6 /64.
struct KeptPrefix {
    model::Segment segment;
    model::IpAddress address;
};

// All rows.
struct KeptWho {
    std::vector<KeptDevice> devices;
    std::vector<KeptMac> macs;
    std::vector<KeptAddress> addresses;
    std::vector<KeptPrefix> prefixes;
};

}  // namespace telltale::correlate
