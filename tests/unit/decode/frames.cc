// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/decode/frames.h"

#include <algorithm>

namespace telltale::decode {

model::LinkType model_link(support::LinkType link) {
    switch (link) {
        case support::LinkType::null_loopback: return model::LinkType::null_loopback;
        case support::LinkType::raw: return model::LinkType::raw_ip;
        case support::LinkType::linux_sll: return model::LinkType::linux_cooked_v1;
        case support::LinkType::linux_sll2: return model::LinkType::linux_cooked_v2;
        case support::LinkType::ethernet: break;
    }
    return model::LinkType::ethernet;
}

OwnedFrame::OwnedFrame(const support::Bytes& bytes, model::LinkType link, std::uint32_t wire_length)
    : storage(new std::uint8_t[bytes.size()]) {
    std::copy(bytes.begin(), bytes.end(), storage.get());
    frame.data = storage.get();
    frame.captured_length = static_cast<std::uint32_t>(bytes.size());
    frame.wire_length = wire_length == 0 ? frame.captured_length : wire_length;
    frame.link = link;
}

OwnedFrame::OwnedFrame(const support::Packet& packet, std::size_t snap)
    : OwnedFrame(packet.frame(snap).bytes, model_link(packet.link_type()), packet.frame(snap).wire_length) {}

Decoded::Decoded(OwnedFrame frame) : owned(std::make_unique<OwnedFrame>(std::move(frame))) {
    outcome = decode(owned->frame, view, counters);
}

}  // namespace telltale::decode
