// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

#include "exporters/ecs/address_texts.h"
#include "exporters/ecs/calendar.h"
#include "exporters/ecs/notation.h"
#include "tests/support/random.h"

namespace telltale::ecs {
namespace {

std::string text_of(Calendar& calendar, std::int64_t time_ns) {
    std::array<char, kTimeTextBytes> text{};
    EXPECT_EQ(calendar.put(time_ns, text.data()), text.data() + text.size());
    return {text.begin(), text.end()};
}

TEST(EcsNotation, WritesTimesOfAllAges) {
    Calendar calendar;
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(text_of(calendar, 0), "1970-01-01T00:00:00.000000Z");
        EXPECT_EQ(text_of(calendar, -1), "1969-12-31T23:59:59.999999Z");
        EXPECT_EQ(text_of(calendar, 951'782'399'999'999'999), "2000-02-28T23:59:59.999999Z");
        EXPECT_EQ(text_of(calendar, 951'782'400'000'000'000), "2000-02-29T00:00:00.000000Z");
        EXPECT_EQ(text_of(calendar, std::numeric_limits<std::int64_t>::max()), "2262-04-11T23:47:16.854775Z");
        EXPECT_EQ(text_of(calendar, std::numeric_limits<std::int64_t>::min()), "1677-09-21T00:12:43.145224Z");
    }
}

TEST(EcsNotation, AKeptDateIsThatOfItsDayAlone) {
    support::Random random(5);
    Calendar kept;
    for (int i = 0; i < 20'000; ++i) {
        const auto day = static_cast<std::int64_t>(random.below(6)) * 86'400'000'000'000;
        const std::int64_t time_ns =
            day + static_cast<std::int64_t>(random.below(86'400'000'000'000)) - 86'400'000'000'000;
        Calendar fresh;
        ASSERT_EQ(text_of(kept, time_ns), text_of(fresh, time_ns)) << time_ns;
    }
}

TEST(EcsNotation, WritesMacAddresses) {
    std::array<char, kMacTextBytes> text{};
    char* const end = put_mac(*model::parse_mac("00:1a:2b:3c:4d:ef"), text.data());
    EXPECT_EQ(std::string(text.data(), end), "00-1A-2B-3C-4D-EF");
}

TEST(EcsNotation, KeepsAddressesApart) {
    support::Random random(9);
    AddressTexts texts;
    for (int i = 0; i < 20'000; ++i) {
        model::IpAddress address;  // one of few, so that most are met again; also ::
        address.bytes[0] = static_cast<std::uint8_t>(random.below(20) * 13);
        address.bytes[15] = static_cast<std::uint8_t>(random.below(20));
        if (random.chance(200)) address.bytes[10] = address.bytes[11] = 0xff;
        std::array<char, AddressTexts::kRoom> text{};
        ASSERT_EQ(std::string(text.data(), texts.put(address, text.data())), model::to_string(address));
    }
}

}  // namespace
}  // namespace telltale::ecs
