// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/quic/version_text.h"

#include <array>
#include <string_view>

namespace telltale::extract::quic {

void put_version(std::uint32_t version, model::RecordWriter& record) {
    std::array<char, 10> text{'0', 'x'};
    const auto letter = static_cast<char>(version >> 24);
    if (letter == 'Q' || letter == 'T') {
        for (unsigned i = 0; i < 4; ++i) text[i] = static_cast<char>(version >> (24 - 8 * i) & 0xff);
        record.put(model::Field::quic_version, std::string_view(text.data(), 4));
        return;
    }
    constexpr char kDigits[] = "0123456789abcdef";
    for (unsigned i = 0; i < 8; ++i) text[2 + i] = kDigits[version >> (28 - 4 * i) & 0xf];
    record.put(model::Field::quic_version, std::string_view(text.data(), text.size()));
}

}  // namespace telltale::extract::quic
