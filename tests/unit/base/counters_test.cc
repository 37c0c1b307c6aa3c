// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/counters.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace telltale::base {
namespace {

#define TELLTALE_CAKE_COUNTERS(X)    \
    X(baked, counter, "Cakes baked") \
    X(on_plates, gauge, "Cakes to eat")
#define TELLTALE_FLAVOURS(X) X(plum, "plum") X(poppy, "poppy") X(apple, "apple")
TELLTALE_ENUMERATION(Flavour, std::uint8_t, TELLTALE_FLAVOURS)

struct CakeCounters {
    TELLTALE_COUNTERS(CakeCounters, TELLTALE_CAKE_COUNTERS)
    EnumArray<Flavour, std::uint64_t> eaten;
    static constexpr std::tuple kArrays{CounterArray{"eaten", "flavour", "Cakes eaten", &CakeCounters::eaten}};
};

TEST(Counters, AreVisitedWithNameKindHelpAndWord) {
    CakeCounters cakes;
    cakes.baked = 5;
    cakes.on_plates = 2;
    cakes.eaten[Flavour::poppy] = 2;
    std::vector<std::string> seen;
    visit(cakes, [&](const CounterValue& value) {
        std::string line(value.name);
        if (value.kind == CounterKind::gauge) line += " now";
        if (!value.label.empty()) line += " " + std::string(value.label) + "=" + std::string(value.word);
        seen.push_back(line + " " + std::to_string(value.value) + ": " + std::string(value.help));
    });
    EXPECT_EQ(to_string(Flavour::poppy), "poppy");
    EXPECT_EQ(seen, (std::vector<std::string>{"baked 5: Cakes baked", "on_plates now 2: Cakes to eat",
                                              "eaten flavour=plum 0: Cakes eaten", "eaten flavour=poppy 2: Cakes eaten",
                                              "eaten flavour=apple 0: Cakes eaten"}));
}

TEST(Counters, AddUp) {
    CakeCounters sum, one;
    sum.baked = 1;
    one.baked = 2;
    one.on_plates = 3;
    one.eaten[Flavour::apple] = 5;
    add(sum, one);
    add(sum, one);
    EXPECT_EQ(sum.baked, 5U);
    EXPECT_EQ(sum.on_plates, 6U);
    EXPECT_EQ(sum.eaten[Flavour::plum], 0U);
    EXPECT_EQ(sum.eaten[Flavour::apple], 10U);
}

// A member that no list names, one that two entries name, and a name of two members.
struct Unlisted {
    TELLTALE_COUNTERS(Unlisted, TELLTALE_CAKE_COUNTERS)
    std::uint64_t forgotten = 0;
};
struct UnlistedArray {
    TELLTALE_COUNTERS(UnlistedArray, TELLTALE_CAKE_COUNTERS)
    EnumArray<Flavour, std::uint64_t> forgotten;
};
struct Twice {
    std::uint64_t one = 0, other = 0;
    static constexpr auto kCounters = std::to_array<Counter<Twice>>(
        {{"one", CounterKind::counter, "", &Twice::one}, {"other", CounterKind::counter, "", &Twice::one}});
};
struct SameName {
    std::uint64_t one = 0, other = 0;
    static constexpr auto kCounters = std::to_array<Counter<SameName>>(
        {{"one", CounterKind::counter, "", &SameName::one}, {"one", CounterKind::counter, "", &SameName::other}});
};

TEST(Counters, AListNamesEveryMemberOnce) {
    EXPECT_TRUE(counters_detail::complete<CakeCounters>());
    EXPECT_FALSE(counters_detail::complete<Unlisted>());
    EXPECT_FALSE(counters_detail::complete<UnlistedArray>());
    EXPECT_FALSE(counters_detail::complete<Twice>());
    EXPECT_FALSE(counters_detail::complete<SameName>());
}

}  // namespace
}  // namespace telltale::base
