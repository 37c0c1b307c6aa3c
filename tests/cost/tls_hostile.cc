// SPDX-License-Identifier: Apache-2.0
#include "tests/cost/hostile.h"

namespace telltale::cost {
namespace {

constexpr std::uint8_t kSingleBytes = 0, kOneSegment = 0xff;  // how the target cuts the stream

// A hello of `size` bytes up to its extensions, in one record.
Input hello(std::uint8_t pieces, std::size_t size) {
    const std::size_t body = size - 1 - 5, message = body - 4, extensions = message - 2 - 32 - 1 - 4 - 2 - 2;
    const auto high = [](std::size_t value) { return static_cast<std::uint8_t>(value >> 8); };
    const auto low = [](std::size_t value) { return static_cast<std::uint8_t>(value & 0xff); };
    Input out{pieces, 22, 3, 1, high(body), low(body), 1, 0, high(message), low(message), 3, 3};
    out.insert(out.end(), 32, 0x20);
    const Input rest{0, 0, 2, 0x13, 0x01, 1, 0, high(extensions), low(extensions)};
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

// The same message in records of one byte.
Input in_small_records(const Input& stream, std::size_t size) {
    Input out{kOneSegment};
    for (std::size_t at = 6; out.size() < size && at < stream.size(); ++at) {
        out.insert(out.end(), {22, 3, 1, 0, 1, stream[at]});
    }
    out.resize(size);
    return out;
}

}  // namespace

std::vector<std::pair<std::string, Input>> hostile_inputs(std::size_t size) {
    Input names = hello(kOneSegment, size);
    const std::size_t list = size - names.size() - 4;
    names.insert(names.end(),
                 {0, 0, static_cast<std::uint8_t>(list >> 8), static_cast<std::uint8_t>(list & 0xff),
                  static_cast<std::uint8_t>((list - 2) >> 8), static_cast<std::uint8_t>((list - 2) & 0xff)});
    return {
        {"empty_extensions", repeated(hello(kOneSegment, size), {0x12, 0x34, 0, 0}, size)},
        {"empty_extensions_byte_by_byte", repeated(hello(kSingleBytes, size), {0x12, 0x34, 0, 0}, size)},
        {"extensions_upside_down", repeated(hello(kOneSegment, size), {0xff, 0x00, 0, 0, 0x00, 0xff, 0, 0}, size)},
        {"empty_server_names", repeated(names, {1, 0, 0}, size)},
        {"records_of_a_byte", in_small_records(repeated(hello(kOneSegment, size), {0x12, 0x34, 0, 0}, size), size)},
    };
}

}  // namespace telltale::cost
