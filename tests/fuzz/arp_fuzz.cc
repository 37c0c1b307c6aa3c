// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <memory>

#include "sensor/decode/decode.h"
#include "tests/fuzz/extract_target.h"

// The input is what follows the EtherType; the frame is cut after it, or not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    constexpr std::uint8_t kHeader[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x06};
    const std::size_t whole = sizeof kHeader + size;
    const std::unique_ptr<std::uint8_t[]> bytes(new std::uint8_t[whole]);  // a read beyond it is seen
    std::copy(data, data + size, std::copy(std::begin(kHeader), std::end(kHeader), bytes.get()));
    for (const std::uint32_t missing : {0U, 40U}) {
        model::Frame frame;
        frame.data = bytes.get();
        frame.captured_length = static_cast<std::uint32_t>(whole);
        frame.wire_length = frame.captured_length + missing;
        model::PacketView packet;
        decode::DecodeCounters counters;
        decode::decode(frame, packet, counters);
        const extract::fuzz::Records records = extract::fuzz::read_packet(extract::Transport::arp, packet);
        extract::fuzz::require(records.empty() || packet.source.specified());
    }
    return 0;
}
