// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/extract_target.h"

// The input is a SYN's options.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    model::PacketView packet;
    packet.tcp_options = {data, size};
    extract::fuzz::require(extract::fuzz::read_packet(extract::Transport::syn, packet).size() == 1);
    return 0;
}
