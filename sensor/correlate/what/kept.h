// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/correlate/what/evidence.h"
#include "sensor/correlate/who/device.h"
#include "sensor/model/event.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

// The knowledge that a partition hands to the next run, as plain data. Owners, signatures and policies go by their ids,
// names by their text, because the next run may have another bundle; devices go by their number. `sequence` orders the
// rows of all partitions.

// A device's profile.
struct KeptProfile {
    std::string host_name;
    std::vector<std::string> host_names;
    std::vector<EvidenceItem> evidence;
    std::int64_t last_seen_ns = 0;
    // As reported last.
    bool announced = false;
    KnownIdentity known;
    std::string known_model;
};

// A device as it was reported. A row only: in the whole state it is in the device's line.
struct ReportRow {
    DeviceIndex device = kNoDevice;
    KeptProfile profile;  // without evidence
};
// The evidence for what a device is. A row only, likewise.
struct EvidenceRow {
    DeviceIndex device = kNoDevice;
    std::vector<EvidenceItem> evidence;
};

// A name from a device's own DNS answer.
struct KeptName {
    DeviceIndex device = kNoDevice;
    model::IpAddress address;
    std::string name;
    std::string signature;  // empty: none
    std::int64_t expires_ns = 0;
    std::uint64_t sequence = 0;  // of its last use
};

// The flow that opened a contact or an alert.
struct KeptFlow {
    model::FlowKey key;
    bool up_is_a_to_b = true;
    model::MacAddress device_mac;
    std::int64_t start_ns = 0;
    std::string application;
    std::string owner;  // or a reserved one
    std::string category;
    std::string method;
    std::string cause;
    std::string signature;
    std::string name;
    double confidence = 0;
    std::string server_name;
    std::string ja3;
    std::string ja4;
    bool ech = false;
};

// A device has met a destination.
struct KeptContact {
    DeviceIndex device = kNoDevice;
    std::uint64_t flows = 0;
    KeptFlow flow;
    std::uint64_t sequence = 0;
};

// An open alert.
struct KeptAlert {
    DeviceIndex device = kNoDevice;
    model::Alert alert;
    KeptFlow flow;
    std::uint64_t told_count = 0;
    std::int64_t told_ns = 0;
    std::uint64_t sequence = 0;
};

// All rows of all partitions.
struct KeptWhat {
    std::vector<KeptProfile> profiles;  // by device, from 1
    std::vector<KeptName> names;
    std::vector<KeptContact> contacts;
    std::vector<KeptAlert> alerts;
};

}  // namespace telltale::correlate
