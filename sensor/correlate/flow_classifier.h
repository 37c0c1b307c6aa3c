// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/config.h"
#include "sensor/correlate/device_table.h"
#include "sensor/correlate/flow_state.h"
#include "sensor/correlate/home_networks.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

// Finds who is accountable for a flow when it starts, and whether it leaves at all: to multicast or broadcast
// (owner multicast, the sender is accountable), home to home (internal, the initiator), neither side home (transit,
// nobody), else the home side to an owner that is to be found. Learns routers and IPv6 home prefixes from what starts.
class FlowClassifier {
  public:
    FlowClassifier(const CorrelateConfig& config, HomeNetworks& home, DeviceTable& devices)
        : config_(config), home_(home), devices_(devices) {}

    // Fills a fresh state from the flow's first record. A reserved owner is decided at once.
    void classify(const model::RecordHeader& header, FlowState& flow);

  private:
    struct Side {
        const model::IpAddress& address;
        const model::MacAddress& mac;
        std::uint16_t port;
        model::Direction direction;  // from this side
        bool home;
    };

    bool learn(model::Segment segment, const Side& from, const Side& to);
    void account(FlowState& flow, const Side& side, DeviceIndex device);
    void reserve(FlowState& flow, OwnerIndex owner);

    const CorrelateConfig& config_;
    HomeNetworks& home_;
    DeviceTable& devices_;
};

}  // namespace telltale::correlate
