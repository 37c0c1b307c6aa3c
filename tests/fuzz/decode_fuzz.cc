// SPDX-License-Identifier: Apache-2.0
// decode() on hostile frames. Input: one byte for the link type (modulo their number; the upper bit set: the frame was
// longer on the wire by what follows), one byte for how much longer, then the frame.
#include <cstdint>
#include <cstring>
#include <memory>

#include "sensor/decode/affinity.h"
#include "sensor/decode/checksum.h"
#include "sensor/decode/decode.h"
#include "tests/fuzz/require.h"

namespace {

using namespace telltale;

bool within(base::Bytes part, const model::Frame& frame) {
    if (part.data() == nullptr) return part.empty();
    return part.data() >= frame.data && part.data() + part.size() <= frame.data + frame.captured_length;
}

void check(const model::Frame& frame, const model::PacketView& view, decode::DecodeOutcome outcome,
           const decode::DecodeCounters& counters) {
    require(counters.frames() == 1, "a frame ends in one outcome");
    require(counters.count(outcome) == 1, "the outcome that is returned is counted");
    require(counters.malformed_frames() == (decode::malformed(outcome) ? 1U : 0U), "malformed agrees");
    require(within(view.payload, frame), "the payload lies in the frame");
    require(within(view.tcp_options, frame), "TCP options lie in the frame");
    require(view.tcp_options.size() <= 40, "TCP options have at most 40 bytes");
    require(view.payload.size() <= view.payload_length || view.payload_length == 0, "a payload was on the wire");
    require(view.vlan_count <= view.vlan.size(), "VLAN ids fit");
    require(!view.has_ports || view.has_ip(), "ports need IP");
    require(!view.has_ports || !view.fragment || view.first_fragment, "later fragments have no ports");
    const bool has_numbers = view.has_ports || model::is_icmp(view.protocol);
    require(has_numbers || (view.source_port == 0 && view.destination_port == 0), "no ports are 0");
    require(!model::is_icmp(view.protocol) || view.has_ports ||
                (view.source_port <= 0xff && view.destination_port <= (model::kIcmpCode | 0xff)),
            "ICMP has a type, and a type or a code");
    require(view.transport_offset <= frame.captured_length, "the transport header lies in the frame");
    require(outcome != decode::DecodeOutcome::snapped || frame.wire_length > frame.captured_length, "snapped is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t frame_size = size - 2;
    const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[frame_size]);
    if (frame_size != 0) std::memcpy(exact.get(), data + 2, frame_size);

    model::Frame frame;
    frame.data = exact.get();
    frame.captured_length = static_cast<std::uint32_t>(frame_size);
    frame.wire_length = frame.captured_length + ((data[0] & 0x80) != 0 ? data[1] * 64U : 0U);
    frame.link = static_cast<model::LinkType>((data[0] & 0x7f) % base::kCount<model::LinkType>);

    model::PacketView view;
    decode::DecodeCounters counters;
    const decode::DecodeOutcome outcome = decode::decode(frame, view, counters);
    check(frame, view, outcome, counters);
    static_cast<void>(decode::transport_checksum_ok(view));

    const base::HashKey key{1, 2};
    require(decode::affinity_hash(frame, key) == decode::affinity_hash(view, key), "affinity is that of the view");
    return 0;
}
