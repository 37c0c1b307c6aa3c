// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    model::PacketView packet;
    packet.ether_type = 0x2000;
    packet.snap_organisation = 0x00000c;
    packet.payload = {data, size};
    for (const std::uint32_t missing : {0U, 1U}) {
        packet.payload_length = static_cast<std::uint32_t>(size) + missing;
        extract::fuzz::read_packet(extract::Transport::link, packet);
    }
    return 0;
}
