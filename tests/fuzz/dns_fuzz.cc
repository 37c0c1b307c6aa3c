// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/extract_target.h"

// The first byte's highest bit chooses TCP; the rest of it is the size of segments. Else its lowest bits choose among
// DNS, multicast DNS, LLMNR and DNS on another port.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    if (size == 0) return 0;
    if ((data[0] & 0x80) != 0) {
        extract::fuzz::check_stream({data, size}, 53);
        return 0;
    }
    constexpr std::uint16_t kPorts[] = {53, 5353, 5355, 8053};
    const std::uint16_t port = kPorts[data[0] & 3];
    for (const bool cut : {false, true}) {
        for (auto& record : extract::fuzz::read_datagram({data + 1, size - 1}, port, cut)) {
            if (port == 5353 || port == 5355) continue;
            model::RecordView(record).for_each([](model::Field field, base::Bytes value) {
                if (field != model::Field::dns_question) return;
                extract::fuzz::require(value.size() > 2 && value.size() <= 2 + 4 * 255);
                for (const std::uint8_t letter : value.subspan(2)) {
                    extract::fuzz::require(letter > 0x20 && letter < 0x7f);
                }
            });
        }
    }
    return 0;
}
