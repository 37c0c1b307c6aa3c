// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sensor/correlate/who/device.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

// Where a flow goes, as far as addresses say it.
enum class Reach : std::uint8_t {
    outside,    // from a home device to a destination that has an owner
    internal,   // between two home devices
    multicast,  // from a home device to many
    transit,    // neither side is home
};

// When a message of who was made. `sequence` counts all messages, so that it orders what the partitions make of them.
struct Moment {
    std::uint64_t sequence = 0;
    std::uint64_t frame = 0;   // number of the frame or clock step's record that the message comes from
    std::int64_t time_ns = 0;  // packet time of the frame's first record: the same for all its messages
};

// Number of an open flow among those of its partition. It is used again after the flow's end.
using FlowIndex = std::uint32_t;
inline constexpr FlowIndex kNoFlow = 0xffffffff;

// A flow was opened, or seen for the first time.
struct FlowOpened {
    FlowIndex flow = kNoFlow;
    model::FlowKey key;
    std::int64_t start_ns = 0;
    std::array<DeviceIndex, 2> devices{};            // behind sides a and b
    DeviceIndex device = kNoDevice;                  // the accountable one
    model::MacAddress device_mac;                    // as the first packet had it
    model::Direction up = model::Direction::a_to_b;  // from the accountable device
    Reach reach = Reach::outside;
};

// Which devices a record concerns. A record reaches what once for each partition that owns one of them, with the parts
// that are that partition's.
enum class Part : std::uint8_t {
    flow = 1,     // the record is about its flow: of the accountable device's partition
    speaker = 2,  // what it says of its sender
    hearer = 4,   // what it says to the one that it is sent to
};
constexpr std::uint8_t operator|(Part left, Part right) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(left) | static_cast<std::uint8_t>(right));
}

// A record with the devices behind it.
struct Seen {
    FlowIndex flow = kNoFlow;
    DeviceIndex accountable = kNoDevice;  // of the flow
    DeviceIndex speaker = kNoDevice;
    DeviceIndex hearer = kNoDevice;
    std::uint8_t parts = 0;  // of Part
    bool upward = false;     // the accountable device's side says it
};
constexpr bool has(std::uint8_t parts, Part part) { return (parts & static_cast<std::uint8_t>(part)) != 0; }

}  // namespace telltale::correlate
