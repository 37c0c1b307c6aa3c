// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace telltale::cost {

using Input = std::vector<std::uint8_t>;

// Inputs of a fuzz target, `size` bytes each, made to cost a parser as much as its format allows; with their names. A
// target has <name>_hostile.cc, or hostile_none.cc where growing its corpus is enough.
std::vector<std::pair<std::string, Input>> hostile_inputs(std::size_t size);

// `pattern` over and over behind `head`, cut to `size`.
inline Input repeated(Input head, const Input& pattern, std::size_t size) {
    for (std::size_t i = 0; head.size() < size; ++i) head.push_back(pattern[i % pattern.size()]);
    head.resize(size);
    return head;
}

}  // namespace telltale::cost
