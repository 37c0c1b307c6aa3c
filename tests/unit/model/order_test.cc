// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/order.h"

#include <gtest/gtest.h>

#include <vector>

#include "sensor/model/segment.h"

namespace telltale::model {
namespace {

TEST(Order, PutsStepsBetweenFramesAndDatagramsBehindTheirFragments) {
    const Order first = Order::of_frame(1);
    const std::vector<Order> ascending = {Order(),
                                          first.step_before(),
                                          first,
                                          first.reassembled(),
                                          first.step_after(),
                                          first.next_frame().step_before(),
                                          first.next_frame(),
                                          first.next_frame().end(),
                                          Order::last()};
    for (std::size_t i = 1; i < ascending.size(); ++i) EXPECT_LT(ascending[i - 1], ascending[i]) << i;
    EXPECT_EQ(first.next_frame(), Order::of_frame(2));
    EXPECT_EQ(first.before(), first.step_before());
    EXPECT_EQ(first.reassembled().step_after(), first.step_after()) << "whichever the source names as its last";
    EXPECT_EQ(first.step_after().step_after(), first.step_after()) << "a step is not before the one that it repeats";
    for (const Order step : {first.step_before(), first.step_after(), first.end(), first.reassembled().step_after()}) {
        EXPECT_TRUE(step.is_clock_step()) << step.value();
    }
    EXPECT_FALSE(first.is_clock_step());
    EXPECT_FALSE(first.reassembled().is_clock_step());
}

TEST(Order, EndsBehindEveryFrameAndStep) {
    for (const Order last : {Order(), Order::of_frame(7), Order::of_frame(7).step_after()}) {
        EXPECT_TRUE(last.end().is_clock_step());
        EXPECT_GT(last.end(), last);
        EXPECT_GT(last.end(), last.step_after());
    }
}

TEST(Order, KnowsTheFrameNumberInFilesOnly) {
    EXPECT_EQ(Order::of_frame(49).frame_number(), 49U);
    EXPECT_EQ(Order::of_frame(49).reassembled().frame_number(), 49U);
    EXPECT_EQ(Order::of_frame(49).step_before().frame_number(), 0U);
    EXPECT_EQ(Order().frame_number(), 0U);
    EXPECT_EQ(Order::at_time(1'700'000'000'000'000'000).frame_number(), 0U);
    EXPECT_EQ(Order::at_time(-5), Order());
}

TEST(Segment, KeepsTapVlansAndTunnelsApart) {
    const Segment outside(TapIndex(3), 7, 9);
    EXPECT_EQ(outside.tap(), TapIndex(3));
    EXPECT_EQ(outside.inside(5).tap(), TapIndex(3));
    const std::vector<Segment> different = {outside,
                                            outside.inside(5),
                                            outside.inside(6),
                                            Segment(TapIndex(3), 7, 8),
                                            Segment(TapIndex(3), 9, 7),
                                            Segment(TapIndex(4), 7, 9),
                                            Segment()};
    for (std::size_t i = 0; i < different.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) EXPECT_NE(different[i], different[j]) << i << " " << j;
        EXPECT_EQ(Segment::of_number(different[i].number()), different[i]);
    }
    EXPECT_FALSE(Segment::of_number(std::uint32_t{kMaxTaps} << 24)) << "there is no such tap";
}

TEST(TapIndexDeathTest, IsCheckedWhereItIsMade) {
    EXPECT_EQ(TapIndex(kMaxTaps - 1).value(), kMaxTaps - 1);
    EXPECT_DEATH((void)PortIndex(kMaxPorts), "");
}

}  // namespace
}  // namespace telltale::model
