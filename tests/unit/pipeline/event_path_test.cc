// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/event_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/store/make_store.h"

namespace telltale::pipeline {
namespace {

TEST(EventPath, RendersOnceIntoTheStoreAfterPrivacyAndListeners) {
    const auto store = exporters::make_store({}, exporters::Overflow::drop);
    const exporters::ReaderId reader = store->add_reader("r");
    EventPath path;
    std::vector<std::string> heard;
    path.add_listener([&](const model::Event& event) { heard.emplace_back(to_string(event.dataset())); });
    ecs::ObserverInfo observer;
    observer.sensor_id = "s1";
    observer.boot_id = "b1";
    path.deliver_to(*store, observer);
    model::Event event;
    event.action = model::EventAction::device_changed;
    event.created_ns = 5;
    event.device.edit().id = "d1";
    EXPECT_TRUE(path.emit(model::Event(event)));
    event.action = model::EventAction::sensor_health;
    path.post(model::Event(event));
    EXPECT_EQ(store->figures().total().created, 1u);
    path.emit_posted();
    path.emit_posted();
    EXPECT_EQ(store->figures().total().created, 2u);
    EXPECT_THAT(heard, testing::ElementsAre("telltale.device", "telltale.health"));
    std::vector<exporters::StoredEnvelope> batch;
    ASSERT_EQ(*store->read(reader, model::Topic::device, 0, 9, batch), 1u);
    EXPECT_EQ(batch[0]->key, "d1");
    EXPECT_EQ(batch[0]->created_ns, 5);
    EXPECT_THAT(batch[0]->json, testing::HasSubstr(R"("id":"s1:b1:device.v1:1")"));
    ASSERT_EQ(*store->read(reader, model::Topic::health, 0, 9, batch), 1u);
    EXPECT_EQ(batch[0]->key, "s1") << "it is about the sensor, whatever it carries";
    EXPECT_EQ(path.privacy().events(), 2u) << "posted events and those about the sensor pass it, too";
}

// Listeners count the traffic, stored or not; a report of drops counts only once it is stored.
TEST(EventPath, SaysThatTheStoreDroppedAnEventThatListenersHeard) {
    const auto store = exporters::make_store({1, 1U << 20}, exporters::Overflow::drop);
    store->add_reader("r");
    EventPath path;
    int heard = 0;
    path.add_listener([&](const model::Event&) { ++heard; });
    path.deliver_to(*store, {});
    EXPECT_TRUE(path.emit({}));
    EXPECT_FALSE(path.emit({}));
    EXPECT_EQ(heard, 2);
    EXPECT_EQ(store->drops(), (std::vector<exporters::DropRange>{{model::Topic::health, 2, 2, false}}));
}

TEST(EventPath, CountsPostedEventsThatFindNoRoom) {
    EventPath path;
    std::size_t heard = 0;
    path.add_listener([&](const model::Event&) { ++heard; });
    for (std::size_t i = 0; i < EventPath::kMaxPosted + 3; ++i) path.post({});
    EXPECT_EQ(path.counters().posted_dropped, 3u);
    path.emit_posted();
    EXPECT_EQ(heard, EventPath::kMaxPosted);
    path.post({});
    path.emit_posted();
    EXPECT_EQ(heard, EventPath::kMaxPosted + 1) << "there is room again";
    EXPECT_EQ(path.counters().posted_dropped, 3u);
}

TEST(EventPath, RendersNothingWithoutAStore) {
    EventPath path;
    int heard = 0;
    path.add_listener([&](const model::Event&) { ++heard; });
    EXPECT_TRUE(path.emit({}));
    EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace telltale::pipeline
