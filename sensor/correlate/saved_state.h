// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/correlate/evidence.h"
#include "sensor/correlate/flow_state.h"
#include "sensor/correlate/policies.h"
#include "sensor/model/event.h"

namespace telltale::correlate {

// What a correlator knows, as plain data that stands on its own: what outlives a restart, so that known devices are not
// announced again, contacts are not first ones again, open alerts stay open, and flows that go on are still named by
// the DNS answers of before. Open flows and the ledger's rows are not in it: a sensor that ends reports them. Owners,
// signatures and policies go by their ids, names by their text: the next run may have another bundle. Devices are named
// by their index, from 1, in the order of their first appearance.

struct SavedDevice {
    std::string id;
    std::vector<std::string> identifiers;  // what its id was made of, and others that lead to it
    std::vector<model::IpAddress> addresses;
    std::vector<model::MacAddress> macs;
    std::string host_name;
    std::vector<std::string> host_names;
    bool keyed_by_address = false;
    std::vector<EvidenceItem> evidence;
    std::int64_t first_seen_ns = 0;
    std::int64_t last_seen_ns = 0;
    // What was told of it.
    bool announced = false;
    KnownIdentity known;
    std::string known_model;
};

struct SavedMac {
    model::Segment segment;
    model::MacAddress mac;
    DeviceIndex device = kNoDevice;
    bool router = false;
    std::vector<model::IpAddress> unbound;
};

struct SavedAddress {
    model::Segment segment;
    model::IpAddress address;
    DeviceIndex device = kNoDevice;
    model::MacAddress bound_mac;
};

struct SavedPrefix {  // a learned IPv6 /64
    model::Segment segment;
    model::IpAddress address;
};

struct SavedName {  // of a device's own DNS answer
    DeviceIndex device = kNoDevice;
    model::IpAddress address;
    std::string name;
    std::string signature;  // empty: none
    std::int64_t expires_ns = 0;
};

// The flow that a contact or an alert stands on.
struct SavedFlow {
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

struct SavedContact {
    DeviceIndex device = kNoDevice;
    std::uint64_t flows = 0;
    SavedFlow flow;
};

struct SavedAlert {
    DeviceIndex device = kNoDevice;
    model::Alert alert;
    SavedFlow flow;
    std::uint64_t told_count = 0;
    std::int64_t told_ns = 0;
};

struct SavedState {
    // What the site is: a keyed hash, and what the caller says that segments mean (the taps in their order). Where
    // these differ, ids and segments of the saved state mean something else.
    std::string site;
    std::string segments;
    std::vector<SavedDevice> devices;
    std::vector<SavedMac> macs;
    std::vector<SavedAddress> addresses;
    std::vector<SavedPrefix> prefixes;
    std::vector<SavedName> names;
    std::vector<SavedContact> contacts;
    std::vector<SavedAlert> alerts;
};

}  // namespace telltale::correlate
