// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sensor/decode/decode.h"
#include "tests/support/packet_builder.h"

namespace telltale::decode {

// A frame over an exact-size heap copy, so that sanitizers see the smallest over-read.
struct OwnedFrame {
    OwnedFrame(const support::Bytes& bytes, model::LinkType link, std::uint32_t wire_length = 0);
    explicit OwnedFrame(const support::Packet& packet, std::size_t snap = SIZE_MAX);

    std::unique_ptr<std::uint8_t[]> storage;
    model::Frame frame;
};

model::LinkType model_link(support::LinkType link);

// A decoded packet with what it counted; keeps its bytes.
struct Decoded {
    explicit Decoded(OwnedFrame owned);
    explicit Decoded(const support::Packet& packet, std::size_t snap = SIZE_MAX) : Decoded(OwnedFrame(packet, snap)) {}

    std::unique_ptr<OwnedFrame> owned;
    model::PacketView view;
    DecodeCounters counters;
    DecodeOutcome outcome;
};

}  // namespace telltale::decode
