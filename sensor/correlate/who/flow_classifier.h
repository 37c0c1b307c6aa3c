// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/who/device_table.h"
#include "sensor/correlate/who/home_networks.h"
#include "sensor/correlate/who/seen.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

// Finds who is accountable for a flow when it starts, and how far it goes: to multicast or broadcast (the sender is
// accountable), home to home (the initiator), neither side home (nobody), else from the home side to the outside.
// Learns routers and IPv6 home prefixes from what starts.
class FlowClassifier {
  public:
    FlowClassifier(bool learn_ipv6_prefixes, HomeNetworks& home, DeviceTable& devices)
        : learn_ipv6_prefixes_(learn_ipv6_prefixes), home_(home), devices_(devices) {}

    // Reads the flow's first record. The flow has no number yet.
    FlowOpened classify(const model::RecordHeader& header);

  private:
    struct Side {
        const model::IpAddress& address;
        const model::MacAddress& mac;
        std::uint16_t port;
        model::Direction direction;  // from this side
        bool home;
    };

    bool learn(model::Segment segment, const Side& from, const Side& to);
    static void account(FlowOpened& flow, const Side& side, DeviceIndex device);

    const bool learn_ipv6_prefixes_;
    HomeNetworks& home_;
    DeviceTable& devices_;
};

}  // namespace telltale::correlate
