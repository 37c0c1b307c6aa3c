// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random.h"

namespace telltale::support {

std::uint64_t Random::next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
}

std::uint64_t Random::below(std::uint64_t limit) { return limit == 0 ? 0 : next() % limit; }

std::uint64_t Random::around(std::uint64_t value, std::uint32_t percent) {
    const std::uint64_t spread = value * percent / 100;
    return value - spread + below(2 * spread + 1);
}

Bytes Random::bytes(std::size_t count) {
    Bytes out(count);
    for (std::size_t i = 0; i < count; i += 8) {
        std::uint64_t word = next();
        for (std::size_t j = i; j < count && j < i + 8; ++j, word >>= 8) out[j] = static_cast<std::uint8_t>(word);
    }
    return out;
}

Random Random::fork(std::string_view name) const {
    std::uint64_t hash = state_ ^ 0xcbf29ce484222325U;
    for (const char character : name) hash = (hash ^ static_cast<std::uint8_t>(character)) * 0x100000001b3U;
    Random child(hash);
    child.next();
    return child;
}

}  // namespace telltale::support
