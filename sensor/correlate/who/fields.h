// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/who/kept.h"

namespace telltale::correlate {

// The fields of each row, once for both directions. `Archive` is called with a name and a value that it writes, or
// sets.

template <typename Archive>
void fields(Archive& archive, KeptDevice& device) {
    archive("id", device.id);
    archive("identifiers", device.identifiers);
    archive("addresses", device.addresses);
    archive("macs", device.macs);
    archive("keyed_by_address", device.keyed_by_address);
    archive("first_seen_ns", device.first_seen_ns);
}

template <typename Archive>
void fields(Archive& archive, KeptMac& mac) {
    archive("segment", mac.segment);
    archive("mac", mac.mac);
    archive.device("device", mac.device);
    archive("router", mac.router);
    archive("unbound", mac.unbound);
}

template <typename Archive>
void fields(Archive& archive, KeptAddress& address) {
    archive("segment", address.segment);
    archive("address", address.address);
    archive.device("device", address.device);
    archive("bound_mac", address.bound_mac);
}

template <typename Archive>
void fields(Archive& archive, KeptPrefix& prefix) {
    archive("segment", prefix.segment);
    archive("address", prefix.address);
}

}  // namespace telltale::correlate
