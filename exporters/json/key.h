// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace telltale::json {

// A member's name as it is written, `"name":`. The compiler makes it of a literal, "name"_key, and refuses one that
// would need escapes. All keys take the same room, so that copying one needs neither a loop nor a call.
struct Key {
    static constexpr std::size_t kRoom = 32;

    template <std::size_t N>
    consteval Key(const char (&name)[N]) : size(N + 2) {
        static_assert(N + 2 < kRoom, "a key has at most 28 characters");
        text[0] = '"';
        for (std::size_t i = 0; i + 1 < N; ++i) {
            if (name[i] < 0x20 || name[i] > 0x7e || name[i] == '"' || name[i] == '\\') throw "a key has no escapes";
            text[i + 1] = name[i];
        }
        text[N] = '"';
        text[N + 1] = ':';
    }

    std::array<char, kRoom - 1> text{};
    std::uint8_t size;
};
static_assert(sizeof(Key) == Key::kRoom);

template <Key kKey>
constexpr const Key& operator""_key() {
    return kKey;
}

}  // namespace telltale::json
