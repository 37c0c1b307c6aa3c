// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/correlate/who/seen.h"

namespace telltale::correlate {

// Takes what who finds out, in order. Each call concerns the partitions of the devices that it names.
class Receiver {
  public:
    virtual ~Receiver() = default;

    virtual void on_new_device(const Moment& at, const Device& device) = 0;
    virtual void on_new_mac(const Moment& at, DeviceIndex device, const model::MacAddress& mac) = 0;
    virtual void on_new_address(const Moment& at, DeviceIndex device, const model::IpAddress& address) = 0;
    virtual void on_lost_address(const Moment& at, DeviceIndex device, const model::IpAddress& address) = 0;
    virtual void on_router(const Moment& at, DeviceIndex device) = 0;
    // The device sent or received at `seen_ns`. Not called for the accountable device of a flow that is reported.
    virtual void on_presence(const Moment& at, DeviceIndex device, std::int64_t seen_ns) = 0;

    virtual void on_flow(const Moment& at, const FlowOpened& opened) = 0;
    virtual void on_record(const Moment& at, const Seen& seen, const model::RecordView& record) = 0;
    // For speed: a record of this flow will come soon.
    virtual void expect(DeviceIndex accountable, FlowIndex flow) const = 0;
};

}  // namespace telltale::correlate
