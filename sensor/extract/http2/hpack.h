// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "sensor/base/byte_reader.h"
#include "sensor/extract/protocol.h"

namespace telltale::extract::http2 {

// Memory for one decoder at a time: nothing is freed before the next one begins. What does not fit is refused.
class Arena {
  public:
    static constexpr std::size_t kBytes = 128 * 1024;

    void clear() { used_ = 0; }
    void* take(std::size_t size);
    void* again(void* old, std::size_t size);

  private:
    alignas(16) std::array<std::uint8_t, kBytes> memory_;
    std::size_t used_ = 0;
};

// Memory for one header block: its pieces put together, and its decoder's. Contents do not survive the call.
struct Scratch {
    std::array<std::uint8_t, kMaxStreamBytes> block;
    Arena arena;
};

// The fields of a request that are recorded; valid until the arena is cleared.
struct Request {
    std::string_view method, authority, path, user_agent, host;
};

// Decodes a header block that is the first of its connection. `on_name` gets the name of every field but the pseudo
// fields, in order. False when the block is broken or takes more memory than there is.
bool read_block(base::Bytes block, Arena& arena, Request& request, void (*on_name)(void*, std::string_view),
                void* context);

}  // namespace telltale::extract::http2
