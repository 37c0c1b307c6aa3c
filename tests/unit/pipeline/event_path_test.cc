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

TEST(EventPath, MeasuresFromTheReceiptOfThePacket) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    constexpr std::int64_t kCreated = 1'700'000'000 * kSecond;
    struct Case {
        const char* description;
        std::int64_t packet_ns;
        std::int64_t received_ns;
    };
    const Case cases[] = {
        {"a packet of just now", kCreated - kSecond, kCreated - kSecond},
        {"a file of long ago that is played", kCreated - 86'400 * kSecond, kCreated},
        {"the clock was set back since", kCreated + kSecond, kCreated},
    };
    const auto store = exporters::make_store({}, exporters::Overflow::drop);
    const exporters::ReaderId reader = store->add_reader("test");
    EventPath path;
    path.deliver_to(*store, {});
    exporters::Position read = 0;
    for (const Case& c : cases) {
        model::Event event;
        event.action = model::EventAction::device_changed;
        event.created_ns = kCreated;
        event.time_ns = c.packet_ns;
        ASSERT_TRUE(path.emit(std::move(event)));
        std::vector<exporters::StoredEnvelope> batch;
        ASSERT_EQ(*store->read(reader, model::Topic::device, read, 1, batch), 1u);
        read = batch[0]->position;
        EXPECT_EQ(batch[0]->delayed_since_ns(), c.received_ns) << c.description;
    }
    exporters::Envelope from_a_store_without_it;
    from_a_store_without_it.created_ns = 7;
    EXPECT_EQ(from_a_store_without_it.delayed_since_ns(), 7);
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
