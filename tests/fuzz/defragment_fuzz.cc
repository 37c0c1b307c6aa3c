// SPDX-License-Identifier: Apache-2.0
// Defragmenter on hostile fragments. Input, repeated to its end: one byte for the link type (modulo their number; the
// upper bit set: the frame was longer on the wire), one byte for the seconds since the frame before, two bytes of
// length in network order (as far as the input goes), then the frame.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "sensor/decode/decode.h"
#include "sensor/decode/defragmenter.h"
#include "tests/fuzz/require.h"

namespace {

using namespace telltale;

constexpr std::uint8_t kLinkTypes = 11;
constexpr std::uint32_t kDatagrams = 3;

void check_whole(const model::Frame& fragment, const model::Frame& whole) {
    require(whole.reassembled && whole.captured_length == whole.wire_length, "a datagram is whole");
    require(whole.order > fragment.order && whole.timestamp_ns == fragment.timestamp_ns, "it follows its fragment");
    const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[whole.captured_length]);
    std::memcpy(exact.get(), whole.data, whole.captured_length);
    model::Frame copy = whole;
    copy.data = exact.get();
    model::PacketView view;
    decode::DecodeCounters counters;
    const decode::DecodeOutcome outcome = decode::decode(copy, view, counters, 0);
    require(counters.frames() == 0 && counters.reassembled_datagrams == 1, "it is counted as what it is");
    require(outcome != decode::DecodeOutcome::snapped, "nothing is cut");
    require(view.has_ip(), "it is IP");
    require(view.network_offset + view.ip_length == whole.captured_length, "its length is that of its header");
    require(view.network == model::Network::ipv6 || !view.fragment, "IPv4 is no fragment any more");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    decode::DefragmenterConfig config;
    config.hash_key = {1, 2};
    config.datagrams = kDatagrams;
    decode::Defragmenter defragmenter(config);

    std::int64_t time_ns = 0;
    model::Order order;
    for (std::size_t at = 0; at + 4 <= size;) {
        const std::uint8_t* head = data + at;
        at += 4;
        const std::size_t length = std::min<std::size_t>(std::size_t{head[2]} << 8 | head[3], size - at);
        const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[length]);
        std::memcpy(exact.get(), data + at, length);
        at += length;

        model::Frame frame;
        frame.data = exact.get();
        frame.captured_length = static_cast<std::uint32_t>(length);
        frame.wire_length = frame.captured_length + ((head[0] & 0x80) != 0 ? 100U : 0U);
        frame.link = static_cast<model::LinkType>((head[0] & 0x7f) % kLinkTypes);
        frame.timestamp_ns = time_ns += std::int64_t{static_cast<std::int8_t>(head[1])} * base::kSecondNs;
        frame.order = order = order.next_frame();

        model::PacketView view;
        decode::DecodeCounters uncounted;
        decode::decode(frame, view, uncounted, 0);
        require(!view.fragment || decode::may_be_fragment(frame), "the look ahead denies no fragment");
        const decode::DefragmentCounters before = defragmenter.counters();
        model::Frame whole;
        const bool done = defragmenter.offer(frame, whole);
        const decode::DefragmentCounters& after = defragmenter.counters();
        require(after.fragments - before.fragments == (view.fragment ? 1U : 0U), "fragments are counted, once");
        require(after.datagrams_pending <= kDatagrams, "the table has its limit");
        require(after.datagrams_completed - before.datagrams_completed == (done ? 1U : 0U), "so are datagrams");
        if (done) check_whole(frame, whole);
        defragmenter.recycle();
    }
    return 0;
}
