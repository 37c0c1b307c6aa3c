// SPDX-License-Identifier: Apache-2.0
// What several records of one frame give.
#include <gtest/gtest.h>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::Flow;
using testing::RecordFeed;

// A device opens a flow and is heard to name its destination; in between, another one is seen.
RecordFeed frame_with(std::size_t threads) {
    CorrelateConfig config;
    config.threads = threads;
    return RecordFeed(config);
}

void play(RecordFeed& feed) {
    feed.at(10);
    const Flow flow = feed.open({});
    feed.stay_in_frame();
    feed.at(11);
    feed.sender("02:00:00:00:00:09");
    feed.stay_in_frame();
    feed.at(12);
    feed.http(flow, "www.google.com");
    feed.finish(13);
}

TEST(Frames, EventsHaveTheOrderOfTheirCauses) {
    for (const std::size_t threads : {1U, 2U, 3U}) {
        RecordFeed feed = frame_with(threads);
        play(feed);
        std::vector<EventAction> actions;
        for (const model::Event& event : feed.events()) actions.push_back(event.action);
        const std::vector<EventAction> expected = {EventAction::device_first_seen, EventAction::device_first_seen,
                                                   EventAction::destination_first_contact};
        ASSERT_EQ(actions, expected) << threads << " threads";
        EXPECT_NE(feed.events()[0].device->id, feed.events()[1].device->id);
    }
}

TEST(Frames, EventsHaveTheTimeOfTheFirstRecord) {
    for (const std::size_t threads : {1U, 2U, 3U}) {
        RecordFeed feed = frame_with(threads);
        play(feed);
        for (const model::Event& event : feed.events()) EXPECT_EQ(event.time_ns, 10 * testing::kSecond);
    }
}

}  // namespace
}  // namespace telltale::correlate
