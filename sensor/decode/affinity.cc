// SPDX-License-Identifier: Apache-2.0
#include "sensor/decode/affinity.h"

#include <algorithm>

#include "sensor/decode/decode.h"

namespace telltale::decode {

std::uint64_t affinity_hash(const model::PacketView& packet, const model::FlowKey::Hash& hash) {
    if (packet.has_ip()) return model::flow_place(packet).key.hash(hash);
    model::FlowKey sender;
    std::copy(packet.source_mac.bytes.begin(), packet.source_mac.bytes.end(), sender.a.bytes.begin());
    sender.segment = packet.segment();
    return sender.hash(hash);
}

std::uint64_t affinity_hash(const model::Frame& frame, const model::FlowKey::Hash& hash, unsigned tunnels) {
    model::PacketView packet;
    DecodeCounters uncounted;
    decode(frame, packet, uncounted, tunnels);
    return affinity_hash(packet, hash);
}

}  // namespace telltale::decode
