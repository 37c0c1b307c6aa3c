// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace telltale::track {

// Where one direction of a TCP stream is between messages.
enum class StreamPhase : std::uint8_t {
    unknown,     // no segment seen: the base is not known
    open,        // at the start of a message, nothing kept
    collecting,  // bytes of the message are in a buffer
    stopped,     // not wanted any more
};

// One TCP direction's place in its byte stream; 8 bytes, in the flow's slot. Only StreamAssembler changes it.
struct StreamState {
    static constexpr std::uint16_t kNoBuffer = 0xffff;

    std::uint32_t base = 0;  // sequence number of the message's first byte
    std::uint16_t buffer = kNoBuffer;
    StreamPhase phase : 4 = StreamPhase::unknown;
    bool moved : 1 = false;  // a segment was placed by the base: a SYN cannot change it any more
    bool cut = false;        // of the last offer: see StreamAssembler::offer

    [[nodiscard]] bool stopped() const { return phase == StreamPhase::stopped; }
};
static_assert(sizeof(StreamState) == 8);

}  // namespace telltale::track
