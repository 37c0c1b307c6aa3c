// SPDX-License-Identifier: Apache-2.0
#include "sensor/decode/affinity.h"

#include "sensor/decode/decode.h"

namespace telltale::decode {

std::uint64_t affinity_hash(const model::PacketView& packet, base::HashKey key) {
    if (packet.has_ip()) return model::flow_place(packet).key.hash(key);
    std::uint64_t mac = 0;
    std::memcpy(&mac, packet.source_mac.bytes.data(), packet.source_mac.bytes.size());
    const std::uint64_t words[2] = {mac, packet.segment()};
    return base::siphash13(key, words);
}

std::uint64_t affinity_hash(const model::Frame& frame, base::HashKey key, unsigned tunnels) {
    model::PacketView packet;
    DecodeCounters uncounted;
    decode(frame, packet, uncounted, tunnels);
    return affinity_hash(packet, key);
}

}  // namespace telltale::decode
