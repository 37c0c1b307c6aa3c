// SPDX-License-Identifier: Apache-2.0
#include "sensor/decode/checksum.h"

namespace telltale::decode {
namespace {

// RFC 9293 section 3.1, RFC 768, RFC 8200 section 8.1: all of them have the same sum.
std::uint64_t pseudo_header_words(const model::PacketView& packet, std::uint32_t length) {
    return checksum_words(packet.source.raw()) + checksum_words(packet.destination.raw()) +
           __builtin_bswap32(packet.protocol) + __builtin_bswap32(length);
}

}  // namespace

bool transport_checksum_ok(const model::PacketView& packet) {
    const bool tcp = packet.protocol == model::kProtocolTcp;
    const bool udp = packet.protocol == model::kProtocolUdp;
    if (!packet.has_ip() || !packet.has_ports || packet.fragment || packet.payload_cut() || (!tcp && !udp)) return true;
    // If a header was not read to its end, there is no payload pointer.
    if (packet.payload.data() == nullptr) return true;

    const base::Bytes frame = packet.frame->bytes();
    const std::size_t end = static_cast<std::size_t>(packet.payload.data() - frame.data()) + packet.payload.size();
    const base::Bytes segment = frame.first(end).subspan(packet.transport_offset);
    const std::size_t place = tcp ? 16 : 6;
    std::uint16_t written = 0;
    std::memcpy(&written, segment.data() + place, sizeof written);
    if (udp && written == 0) return true;

    const std::uint64_t pseudo = pseudo_header_words(packet, static_cast<std::uint32_t>(segment.size()));
    if (checksum_fold(pseudo + checksum_words(segment)) == 0xffff) return true;
    const std::uint64_t without_length = pseudo_header_words(packet, 0);
    return written == checksum_fold(pseudo) || written == checksum_fold(without_length);
}

}  // namespace telltale::decode
