// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>

#include "sensor/correlate/save/text.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::Flow;
using ::testing::HasSubstr;
using testing::RecordFeed;

constexpr const char* kPhone = "0c:1d:af:00:00:05";
constexpr const char* kRedmiAgent = "Dalvik/1.6.0 (Linux; U; Android 4.3; Redmi 1S Build/JLS36C)";

// A phone comes, says what it is, and calls home; twice, so that an alert counts.
void day(RecordFeed& feed, double start_s) {
    feed.at(start_s);
    feed.arp("192.168.1.5", kPhone);
    feed.arp("192.168.1.1", "00:11:22:00:00:01");
    feed.dhcp_request(kPhone, "android-dhcp-9", "Redmi-\xff\"1");
    feed.dhcp_ack(kPhone, "192.168.1.5");
    feed.resolve("192.168.1.5", kPhone, "tracking.miui.com", {{"203.0.113.10", 600}});
    const Flow telemetry = feed.open({});
    feed.http(telemetry, "api.account.xiaomi.com", kRedmiAgent);
    feed.delta(telemetry, 1000, 10, true);
    const Flow by_dns = feed.open({.source_port = 40001});
    feed.delta(by_dns, 2000, 20, true);
    feed.finish(start_s + 60);
}

std::size_t count(const RecordFeed& feed, EventAction action) { return feed.events(action).size(); }

std::string saved_day() {
    RecordFeed feed;
    day(feed, 100);
    return feed.save();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(SavedState, ARestartTellsNothingAnew) {
    RecordFeed before;
    day(before, 100);
    ASSERT_GE(count(before, EventAction::device_first_seen), 1U);
    ASSERT_GE(count(before, EventAction::destination_first_contact), 1U);
    ASSERT_GE(count(before, EventAction::policy_alert), 1U);

    RecordFeed after;
    const auto restored = after.restore(before.save());
    ASSERT_TRUE(restored) << restored.error().text;
    day(after, 200);
    EXPECT_EQ(count(after, EventAction::device_first_seen), 0U);
    EXPECT_EQ(count(after, EventAction::device_identified), 0U);
    EXPECT_EQ(count(after, EventAction::device_changed), 0U);
    EXPECT_EQ(count(after, EventAction::destination_first_contact), 0U);
    for (const model::Event& event : after.events(EventAction::policy_alert)) {
        EXPECT_EQ(event.alert->state, model::AlertState::update);
        EXPECT_GT(event.alert->count, 1U);
        EXPECT_EQ(event.alert->first_seen_ns, before.events(EventAction::policy_alert)[0].alert->first_seen_ns);
        EXPECT_EQ(event.destination->owner_id, "xiaomi");
    }
    EXPECT_EQ(count(after, EventAction::policy_alert), count(before, EventAction::policy_alert));
    EXPECT_EQ(after.events(EventAction::transfer_summary)[0].device->id,
              before.events(EventAction::transfer_summary)[0].device->id);
    // The figures are of this run.
    EXPECT_EQ(after.counters().devices, 0U);
    EXPECT_EQ(after.counters().contacts, 0U);
    EXPECT_EQ(after.counters().alerts, 0U);
}

TEST(SavedState, AnswersOfBeforeNameFlowsOfAfter) {
    RecordFeed before;
    before.at(10);
    before.resolve("192.168.1.5", kPhone, "www.google.com", {{"203.0.113.10", 60}});
    RecordFeed after;
    ASSERT_TRUE(after.restore(before.save()));
    after.at(20);
    after.delta(after.open({}), 100, 1, true);
    after.finish(60);
    ASSERT_EQ(count(after, EventAction::transfer_summary), 1U);
    EXPECT_EQ(after.events(EventAction::transfer_summary)[0].destination->owner_id, "google");
}

TEST(SavedState, IsTheSameAfterEachRestart) {
    const std::string saved = saved_day();
    RecordFeed after;
    ASSERT_TRUE(after.restore(saved));
    EXPECT_EQ(after.save(), saved);
}

TEST(SavedState, AnObservationThatWasSavedWithoutItsSignatureIsNotToldTwice) {
    const std::string saved = saved_day();
    const std::regex of_device(R"re(("source":"(?:user_agent|dhcp_[a-z_]+)","value":"[^"]*","signature":")[^"]+)re");
    const std::string without = std::regex_replace(saved, of_device, "$1");
    ASSERT_NE(without, saved);
    RecordFeed feed;
    ASSERT_TRUE(feed.restore(without));
    EXPECT_EQ(feed.save(), saved);
}

TEST(SavedState, NothingOfADamagedTextIsTakenOver) {
    const std::string saved = saved_day();
    struct Case {
        const char* description;
        std::string text;
        const char* expected;
    };
    const Case kCases[] = {
        {"nothing", "", "state.jsonl: the saved state is incomplete"},
        {"no JSON", "what?\n", "state.jsonl:1: the saved state's line is no JSON"},
        {"no object", "[]\n", "state.jsonl:1: the saved state's line is no object"},
        {"another version", replaced(saved, R"("version":1)", R"("version":2)"), "is not the head of a saved state of"},
        {"an unknown kind", replaced(saved, R"("kind":"mac")", R"("kind":"cat")"), "has an unknown kind"},
        {"an unknown field", replaced(saved, R"("keyed_by_address")", R"("keyed")"), "a field that is not known"},
        {"a wrong type", replaced(saved, R"("host_names":[)", R"("host_names":[1,)"), "'host_names' has a wrong value"},
        {"a wrong MAC address", replaced(saved, R"("macs":["0c:)", R"("macs":["xx:)"), "'macs' has a wrong value"},
        {"a device that is not there", replaced(saved, R"("device":1)", R"("device":99)"),
         "names a device that is not"},
        {"another number of lines", replaced(saved, R"("lines":)", R"("lines":1)"), "ends a state of 1"},
        {"more behind the end", saved + "{\"kind\":\"mac\"}\n", "follows the end"},
    };
    for (const Case& c : kCases) {
        RecordFeed feed;
        const std::string untouched = feed.save();
        const auto restored = feed.restore(c.text);
        ASSERT_FALSE(restored) << c.description;
        EXPECT_THAT(restored.error().text, HasSubstr(c.expected)) << c.description;
        EXPECT_EQ(feed.save(), untouched) << c.description;
    }
}

TEST(SavedState, IsIncompleteWhereverItIsCut) {
    const std::string saved = saved_day();
    for (std::size_t size = 0; size + 1 < saved.size(); ++size) {
        ASSERT_FALSE(read_state(std::string_view(saved).substr(0, size), "state")) << size;
    }
}

TEST(SavedState, BelongsToASiteAndItsTaps) {
    const std::string saved = saved_day();
    CorrelateConfig other_key;
    other_key.site_key = "another key of a site";
    RecordFeed another_site(other_key);
    const auto refused = another_site.restore(saved);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text, HasSubstr("another site key"));
    CorrelateConfig other_taps;
    other_taps.segments = "core,edge";
    RecordFeed moved(other_taps);
    const auto elsewhere = moved.restore(saved);
    ASSERT_FALSE(elsewhere);
    EXPECT_THAT(elsewhere.error().text, HasSubstr("other taps"));
}

TEST(SavedState, ABundleThatChangedDecidesAnew) {
    const std::string saved = saved_day();
    signatures::Bundle bundle = testing::small_bundle();
    bundle.policies.clear();
    std::erase_if(bundle.signatures, [](const auto& signature) { return signature.id.starts_with("host."); });
    std::erase_if(bundle.owners, [](const auto& owner) { return owner.id == "xiaomi"; });
    RecordFeed feed({}, bundle);
    const auto restored = feed.restore(saved);
    ASSERT_TRUE(restored) << restored.error().text;
    day(feed, 200);
    EXPECT_EQ(count(feed, EventAction::policy_alert), 0U);
    EXPECT_EQ(count(feed, EventAction::destination_first_contact), 0U);
    for (const model::Event& event : feed.events(EventAction::transfer_summary)) {
        EXPECT_NE(event.destination->owner_id, "xiaomi");
    }
    // Its alert is gone, its contacts and devices are kept.
    EXPECT_EQ(feed.save().find(R"("kind":"alert")"), std::string::npos);
    EXPECT_NE(feed.save().find(R"("kind":"contact")"), std::string::npos);
}

TEST(SavedState, KeepsToTheLimitsOfTheNewRun) {
    RecordFeed before;
    before.at(10);
    for (int i = 5; i < 25; ++i)
        before.arp("192.168.1." + std::to_string(i), "0c:1d:af:00:00:" + std::to_string(10 + i));
    CorrelateConfig small;
    small.max_devices = 10;
    RecordFeed after(small);
    ASSERT_TRUE(after.restore(before.save()));
    EXPECT_EQ(after.counters().devices_over_limit, 10U);
    const auto kept = read_state(after.save(), "state");
    ASSERT_TRUE(kept) << kept.error().text;
    EXPECT_EQ(kept->devices.size(), 10U);
}

}  // namespace
}  // namespace telltale::correlate
