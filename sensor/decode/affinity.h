// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/decode/outcome.h"
#include "sensor/model/frame.h"
#include "sensor/model/packet_view.h"

namespace telltale::decode {

// Returns the hash that chooses a frame's worker: the keyed hash of its flow (model::flow_place), equal in both
// directions, so that one worker gets all packets of a flow. Fragments without ports are hashed by their addresses,
// frames without IP by their source MAC. The key is secret, so that a sender cannot aim at one worker.
std::uint64_t affinity_hash(const model::Frame& frame, const model::FlowKey::Hash& hash,
                            unsigned tunnels = kMaxTunnels);
// The same for a decoded frame.
std::uint64_t affinity_hash(const model::PacketView& packet, const model::FlowKey::Hash& hash);

}  // namespace telltale::decode
