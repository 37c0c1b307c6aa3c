// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/flows.h"

#include <gtest/gtest.h>

#include "sensor/correlate/who/seen_flows.h"

namespace telltale::correlate {
namespace {

constexpr std::uint32_t kMany = 100 * Flows::kChunkFlows;

FlowOpened opened(FlowIndex flow, std::int64_t start_ns) {
    FlowOpened out;
    out.flow = flow;
    out.start_ns = start_ns;
    return out;
}

TEST(Flows, StayWhereTheyAre) {
    Flows flows;
    const FlowState* const first = &flows.open(opened(1, 10));
    for (FlowIndex flow = 2; flow < kMany; ++flow) flows.open(opened(flow, 20));
    EXPECT_EQ(&flows[1], first);
    EXPECT_EQ(flows[1].start_ns, 10);
    EXPECT_EQ(flows[kMany - 1].start_ns, 20);
}

TEST(Flows, GiveTheMemoryOfAPeakBack) {
    Flows flows;
    for (FlowIndex flow = 0; flow < kMany; ++flow) flows.open(opened(flow, 1));
    EXPECT_EQ(flows.chunks(), 100U);
    flows.open(opened(7, 2));  // its end was not reported
    for (FlowIndex flow = 5; flow < kMany; ++flow) flows.close(flow);
    EXPECT_EQ(flows.chunks(), 1U);
    EXPECT_EQ(flows[4].start_ns, 1);
    flows.prefetch(kMany - 1);
    EXPECT_EQ(flows.open(opened(kMany - 1, 3)).start_ns, 3);
    EXPECT_EQ(flows.chunks(), 2U);
}

TEST(SeenFlows, NumbersAreTheLowestThatAreFree) {
    SeenFlows seen({});
    const auto open = [&](std::uint32_t slot) {
        bool fresh = false;
        SeenFlow& flow = seen.get({0, slot, slot + 1}, fresh);
        EXPECT_TRUE(fresh);
        seen.number(flow);
        return flow.flow;
    };
    for (std::uint32_t slot = 0; slot < 50; ++slot) EXPECT_EQ(open(slot), slot + 1);
    for (const std::uint32_t slot : {30U, 3U, 17U}) seen.close({0, slot, slot + 1});
    EXPECT_EQ(open(60), 4U);
    EXPECT_EQ(open(61), 18U);
    EXPECT_EQ(open(62), 31U);
    EXPECT_EQ(open(63), 51U);
}

}  // namespace
}  // namespace telltale::correlate
