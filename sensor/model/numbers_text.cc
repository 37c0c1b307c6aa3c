// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/numbers_text.h"

#include <charconv>
#include <cstddef>

namespace telltale::model {
namespace {

// Appends one number. False when there is no room for it.
bool append(std::span<char> room, std::size_t& size, unsigned number) {
    const std::size_t start = size == 0 ? 0 : size + 1;
    if (start >= room.size()) return false;
    const auto [end, error] = std::to_chars(room.data() + start, room.data() + room.size(), number);
    if (error != std::errc()) return false;
    if (size != 0) room[size] = ',';
    size = static_cast<std::size_t>(end - room.data());
    return true;
}

}  // namespace

std::string_view numbers_text(base::Bytes value, std::span<char> room) {
    std::size_t size = 0;
    for (const std::uint8_t number : value) {
        if (!append(room, size, number)) break;
    }
    return {room.data(), size};
}

std::string_view wide_numbers_text(base::Bytes value, std::span<char> room) {
    std::size_t size = 0;
    base::ByteReader reader(value);
    std::uint16_t number = 0;
    while (reader.read_le_u16(number) && append(room, size, number)) continue;
    return {room.data(), size};
}

}  // namespace telltale::model
