// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/ethernet.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace telltale::model {
namespace {

using Octets = std::vector<std::uint8_t>;

void put(Octets& out, std::uint16_t number) {
    out.push_back(static_cast<std::uint8_t>(number >> 8));
    out.push_back(static_cast<std::uint8_t>(number & 0xff));
}

// Two MAC addresses, tags of the given EtherTypes, and the EtherType `carried`.
Octets frame(std::initializer_list<std::uint16_t> tags, std::uint16_t carried) {
    Octets out(12, 0x02);
    for (const std::uint16_t tag : tags) {
        put(out, tag);
        put(out, 7);
        if (tag == kEtherTypeVnTag) put(out, 8);
    }
    put(out, carried);
    return out;
}

TEST(NetworkStart, IsAfterEveryTagThatDecodeKnows) {
    const struct {
        std::initializer_list<std::uint16_t> tags;
        std::size_t offset;
    } cases[] = {
        {{}, 14},
        {{0x8100}, 18},
        {{0x88a8}, 18},
        {{0x9100}, 18},
        {{0x8926}, 20},
        {{0x88a8, 0x8100}, 22},
        {{0x9100, 0x9100}, 22},
        {{0x8926, 0x8100}, 24},
        {{0x8100, 0x8100, 0x8100, 0x8100, 0x8100, 0x8100, 0x8100, 0x8100}, 14 + 8 * 4},
    };
    for (const auto& test : cases) {
        for (const std::uint16_t carried : {kEtherTypeIpv4, kEtherTypeIpv6, kEtherTypeArp}) {
            const NetworkStart start = network_start(frame(test.tags, carried));
            EXPECT_EQ(start.ether_type, carried);
            EXPECT_EQ(start.offset, test.offset);
            EXPECT_EQ(start.is_ip(), carried != kEtherTypeArp);
        }
    }
}

TEST(NetworkStart, LeavesWhatIsNotWhole) {
    const Octets whole = frame({0x88a8, 0x9100}, kEtherTypeIpv4);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Octets exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(network_start(exact).is_ip()) << size;
    }
    EXPECT_FALSE(network_start(frame(std::initializer_list<std::uint16_t>{0x8100, 0x8100, 0x8100, 0x8100, 0x8100,
                                                                          0x8100, 0x8100, 0x8100, 0x8100},
                                     kEtherTypeIpv4))
                     .is_ip())
        << "more tags than decode reads";
}

}  // namespace
}  // namespace telltale::model
