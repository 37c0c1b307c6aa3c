// SPDX-License-Identifier: Apache-2.0
// IEEE 802.11 frames in captures, with or without a radiotap header (www.radiotap.org): unencrypted data. Numbers are
// little endian.
#include <cstring>

#include "sensor/decode/layers.h"

namespace telltale::decode {
namespace {

constexpr std::size_t kShortHeader = 24;  // up to the sequence control
constexpr unsigned kData = 2;             // frame type

// Takes the frame control's two bytes: version, type and subtype; flags.
DecodeOutcome read_frame(Layers& layers, std::uint8_t control, std::uint8_t flags) {
    const unsigned type = (control >> 2) & 3, subtype = control >> 4;
    const bool to_ds = (flags & 0x01) != 0, from_ds = (flags & 0x02) != 0, is_protected = (flags & 0x40) != 0;
    const bool has_data = type == kData && (subtype & 4) == 0;
    if (!has_data || is_protected) return end_without_ip(layers, DecodeOutcome::wireless_other);
    const bool quality = (subtype & 8) != 0, order = (flags & 0x80) != 0;
    const std::size_t size =
        kShortHeader + (to_ds && from_ds ? 6U : 0U) + (quality ? 2U : 0U) + (quality && order ? 4U : 0U);
    if (layers.remaining() < size) return layers.missing(size, DecodeOutcome::malformed_link);
    const base::Bytes header = layers.take(size);
    // The path through the distribution system decides the meaning of the addresses (IEEE 802.11 section 9.3.2.1).
    const std::size_t destination = to_ds ? 16 : 4;
    const std::size_t source = !from_ds ? 10 : to_ds ? kShortHeader : 16;
    std::memcpy(layers.view.destination_mac.bytes.data(), &header[destination], 6);
    std::memcpy(layers.view.source_mac.bytes.data(), &header[source], 6);
    return read_llc(layers);
}

}  // namespace

DecodeOutcome read_wireless(Layers& layers) {
    if (layers.remaining() < 2) return layers.missing(2, DecodeOutcome::malformed_link);
    const base::Bytes start = layers.rest();
    return read_frame(layers, start[0], start[1]);
}

// Data of version 0 has this byte order or the other; the correct one is tried first.
DecodeOutcome read_wireless_of_capwap(Layers& layers) {
    constexpr std::uint8_t kVersionAndType = 0x0f, kDataFrame = kData << 2;
    if (layers.remaining() < 2) return layers.missing(2, DecodeOutcome::malformed_link);
    const base::Bytes start = layers.rest();
    const bool swapped = (start[0] & kVersionAndType) != kDataFrame && (start[1] & kVersionAndType) == kDataFrame;
    return swapped ? read_frame(layers, start[1], start[0]) : read_frame(layers, start[0], start[1]);
}

DecodeOutcome read_radiotap(Layers& layers) {
    if (layers.remaining() < 8) return layers.missing(8, DecodeOutcome::malformed_link);
    const auto start = layers.next<4>();
    const std::size_t size = le16<2>(start);
    if (start[0] != 0 || size < 8) return DecodeOutcome::malformed_link;
    if (layers.remaining() < size) return layers.missing(size, DecodeOutcome::malformed_link);
    static_cast<void>(layers.take(size));
    return read_wireless(layers);
}

}  // namespace telltale::decode
