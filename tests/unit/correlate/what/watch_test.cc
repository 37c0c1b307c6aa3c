// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::Packet;
using testing::RecordFeed;

constexpr const char* kPhone = "0c:1d:af:00:00:05";
constexpr const char* kRedmiAgent = "Dalvik/1.6.0 (Linux; U; Android 4.3; Redmi 1S Build/JLS36C)";

TEST(Watch, FirstContactIsToldOnceAndCarriesTheFlow) {
    RecordFeed feed;
    for (std::uint16_t port = 1; port <= 3; ++port) {
        feed.tls(feed.open({.source_port = port}), {.server_name = "www.google.com"});
    }
    feed.http(feed.open({.source_port = 9}), "www.google.com");
    const auto contacts = feed.events(EventAction::destination_first_contact);
    ASSERT_EQ(contacts.size(), 1U);
    const model::Event& event = contacts[0];
    EXPECT_EQ(event.destination->domain, "www.google.com");
    EXPECT_EQ(event.destination->registered_domain, "google.com");
    EXPECT_EQ(event.destination->owner_country, "US");
    EXPECT_EQ(event.destination->method, model::AttributionMethod::tls_server_name);
    EXPECT_EQ(event.flow->source_port, 1);
    EXPECT_EQ(event.flow->application, "tls");
    EXPECT_EQ(event.flow->ja3.size(), 32U);
    EXPECT_EQ(event.flow->community_id.substr(0, 2), "1:");
}

TEST(Watch, AnAlertOpensWithItsFrameAndItsReasonAndIsUpdatedLater) {
    RecordFeed feed;
    feed.dhcp_request(kPhone, "", "Redmi-1S");
    feed.http(feed.open({.source_port = 1, .destination_port = 80}), "api.account.xiaomi.com", kRedmiAgent);
    feed.flush();
    auto alerts = feed.events(EventAction::policy_alert);
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(alerts[0].alert->state, model::AlertState::open);
    EXPECT_EQ(alerts[0].alert->policy_id, "account-in-clear");
    EXPECT_EQ(
        alerts[0].alert->reason,
        "Redmi-1S (xiaomi, confidence 0.91) sent to api.account.xiaomi.com (Xiaomi, CN), category account, in clear "
        "HTTP");
    feed.at(30);
    feed.http(feed.open({.source_port = 2, .destination_port = 80}), "account.xiaomi.com");
    feed.close_interval(60);
    EXPECT_EQ(feed.events(EventAction::policy_alert).size(), 1U) << "too soon";
    feed.close_interval(660);
    alerts = feed.events(EventAction::policy_alert);
    ASSERT_EQ(alerts.size(), 2U);
    EXPECT_EQ(alerts[1].alert->state, model::AlertState::update);
    EXPECT_EQ(alerts[1].alert->id, alerts[0].alert->id);
    EXPECT_EQ(alerts[1].alert->count, 2U);
    EXPECT_EQ(alerts[1].alert->suppressed, 1U);
    feed.finish(700);
    EXPECT_EQ(feed.events(EventAction::policy_alert).size(), 2U) << "nothing new to report";
}

// Packets come with the wall clock's time, which is set an hour forward, then two hours back.
TEST(Watch, AStepOfTheWallClockNeitherRepeatsAlertsNorKeepsThemSilent) {
    constexpr std::int64_t kSecondNs = 1'000'000'000;
    constexpr unsigned kHour = 3'600;
    constexpr unsigned kStart = 10 * kHour;
    std::int64_t steady_s = kStart;
    CorrelateConfig config;
    config.period_clock = [&steady_s](std::int64_t) { return steady_s * kSecondNs; };
    RecordFeed feed(config);
    std::uint16_t port = 0;
    const auto alerts_at = [&](unsigned wall_s, unsigned steady) {
        steady_s = steady;
        feed.at(wall_s);
        feed.http(feed.open({.source_port = ++port, .destination_port = 80}), "account.xiaomi.com");
        feed.close_interval(wall_s);
        return feed.events(EventAction::policy_alert).size();
    };
    feed.dhcp_request(kPhone, "", "Redmi-1S");
    feed.http(feed.open({.source_port = ++port, .destination_port = 80}), "api.account.xiaomi.com", kRedmiAgent);
    EXPECT_EQ(alerts_at(kStart, kStart), 1U);
    EXPECT_EQ(alerts_at(kStart + kHour + 60, kStart + 60), 1U) << "an hour forward, a minute has passed";
    EXPECT_EQ(alerts_at(kStart - kHour + 120, kStart + 120), 1U) << "two hours back";
    EXPECT_EQ(alerts_at(kStart - kHour + 601, kStart + 601), 2U) << "ten minutes have passed";
    EXPECT_EQ(alerts_at(kStart - kHour + 1300, kStart + 1300), 3U);
    EXPECT_EQ(alerts_at(kStart - kHour + 2500, kStart - 500), 3U) << "restored by a sensor whose clock is behind";
    EXPECT_EQ(alerts_at(kStart - kHour + 3200, kStart + 200), 4U) << "it is not silent until the clock has caught up";
}

TEST(Watch, TheSameOverTlsRaisesNoCleartextAlert) {
    RecordFeed feed;
    feed.tls(feed.open({}), {.server_name = "api.account.xiaomi.com"});
    feed.finish(60);
    EXPECT_TRUE(feed.events(EventAction::policy_alert).empty());
}

TEST(Watch, AnIdentityThatComesLateLosesNoAlert) {
    // The policy asks for the maker; contact and identity come in either order.
    signatures::Bundle bundle = testing::small_bundle();
    bundle.signatures[2].maker_only = false;
    for (const bool late : {false, true}) {
        RecordFeed feed({}, bundle);
        const auto contact = [&] {
            feed.tls(feed.open({.source_port = 1}), {.server_name = "data.tracking.miui.com"});
            feed.tls(feed.open({.source_port = 2}), {.server_name = "data.tracking.miui.com"});
        };
        const auto identity = [&] { feed.dhcp_request(kPhone, "", "Redmi-1S"); };
        if (late) contact();
        EXPECT_TRUE(feed.events(EventAction::policy_alert).empty());
        identity();
        if (!late) contact();
        feed.finish(60);
        const auto alerts = feed.events(EventAction::policy_alert);
        ASSERT_FALSE(alerts.empty()) << "late " << late;
        EXPECT_EQ(alerts.back().alert->policy_id, "own-telemetry");
        EXPECT_EQ(alerts.back().alert->count, 2U);
    }
}

TEST(Watch, TextFromPacketsCannotForgeALine) {
    RecordFeed feed;
    feed.dhcp_request(kPhone, "", "evil\nname");
    feed.finish(1);
    for (const model::Event& event : feed.events()) EXPECT_EQ(event.message.find('\n'), std::string::npos);
    EXPECT_EQ(feed.events().back().device->host_name, "evil\nname") << "fields are raw";
}

}  // namespace
}  // namespace telltale::correlate
