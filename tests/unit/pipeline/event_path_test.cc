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

TEST(EventPath, RendersNothingWithoutAStore) {
    EventPath path;
    int heard = 0;
    path.add_listener([&](const model::Event&) { ++heard; });
    EXPECT_TRUE(path.emit({}));
    EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace telltale::pipeline
