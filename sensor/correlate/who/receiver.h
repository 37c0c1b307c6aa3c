// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/who/device_change.h"
#include "sensor/correlate/who/seen.h"

namespace telltale::correlate {

// Takes what who finds out, in order. Each call concerns the partitions of the devices that it names.
class Receiver {
  public:
    virtual ~Receiver() = default;

    virtual void on_change(const Moment& at, const DeviceChange& change) = 0;
    virtual void on_flow(const Moment& at, const FlowOpened& opened) = 0;
    virtual void on_record(const Moment& at, const Seen& seen, const model::RecordView& record) = 0;
    // For speed: a record of this flow will come soon.
    virtual void expect(DeviceIndex accountable, FlowIndex flow) const = 0;
};

}  // namespace telltale::correlate
