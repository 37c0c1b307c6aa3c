// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/decode/outcome.h"
#include "sensor/model/frame.h"
#include "sensor/model/packet_view.h"

namespace telltale::decode {

// Which worker a frame belongs to: the keyed hash of the flow it is a packet of (model::flow_place), the same in both
// directions, so that all packets of a flow reach one worker. Non-first fragments have no ports: they go by their
// addresses. Frames without IP go by their source MAC. Secret, so that a sender cannot aim at one worker.
std::uint64_t affinity_hash(const model::Frame& frame, const model::FlowKey::Hash& hash,
                            unsigned tunnels = kMaxTunnels);
// The same for a frame that is already decoded.
std::uint64_t affinity_hash(const model::PacketView& packet, const model::FlowKey::Hash& hash);

}  // namespace telltale::decode
