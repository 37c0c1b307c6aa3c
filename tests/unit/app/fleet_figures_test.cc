// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/fleet_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/prometheus/metric_family.h"
#include "sensor/app/service/sensor_figures.h"

namespace telltale::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

model::Event transfer(const std::string& owner, std::int64_t up, std::int64_t down) {
    model::Event event;
    event.action = model::EventAction::transfer_summary;
    event.destination.edit().owner_id = owner;
    event.transfer.edit().bytes_up = static_cast<std::uint64_t>(up);
    event.transfer.edit().bytes_down = static_cast<std::uint64_t>(down);
    return event;
}

model::Event device(const std::string& id, const std::string& maker, const std::string& kind) {
    model::Event event;
    event.action = model::EventAction::device_changed;
    event.device.edit().id = id;
    event.device.edit().maker_id = maker;
    event.device.edit().device_class = kind;
    return event;
}

std::map<std::string, TwoWays> shown(const FleetSums& sums) {
    std::map<std::string, TwoWays> owners;
    for (const OwnerBytes& owner : sums.owners) owners[owner.owner] = owner.bytes;
    return owners;
}

// Sum of everything that is shown, without what was taken back: the bytes of all transfers.
std::uint64_t all_bytes(const FleetSums& sums) {
    std::uint64_t all = sums.other[0] + sums.other[1];
    for (const OwnerBytes& owner : sums.owners) all += owner.bytes[0] + owner.bytes[1];
    return all - sums.taken_back[0] - sums.taken_back[1];
}

TEST(FleetFigures, AddUpBytesByOwner) {
    FleetFigures fleet(10, 100);
    fleet.add(transfer("xiaomi", 100, 20));
    fleet.add(transfer("xiaomi", 1, 2));
    fleet.add(transfer("internal", 5, 5));
    EXPECT_THAT(shown(fleet.sums()), ElementsAre(Pair("internal", TwoWays{5, 5}), Pair("xiaomi", TwoWays{101, 22})));
    EXPECT_EQ(fleet.sums().other, (TwoWays{0, 0}));
}

TEST(FleetFigures, CountWhatIsTakenBackApartSoThatNothingFalls) {
    FleetFigures fleet(10, 100);
    fleet.add(transfer("unattributed", 70, 30));
    fleet.add(transfer("unattributed", -70, -30));
    fleet.add(transfer("xiaomi", 70, 30));
    const FleetSums sums = fleet.sums();
    EXPECT_THAT(shown(sums), ElementsAre(Pair("unattributed", TwoWays{70, 30}), Pair("xiaomi", TwoWays{70, 30})));
    EXPECT_EQ(sums.taken_back, (TwoWays{70, 30}));
    EXPECT_EQ(all_bytes(sums), 100u);
}

TEST(FleetFigures, ShowTheTopOwnersAndTheRestTogether) {
    FleetFigures fleet(2, 100);
    fleet.add(transfer("a", 100, 0));
    fleet.add(transfer("b", 50, 0));
    fleet.add(transfer("internal", 1, 0));
    fleet.add(transfer("c", 10, 0));
    EXPECT_THAT(shown(fleet.sums()),
                ElementsAre(Pair("a", TwoWays{100, 0}), Pair("b", TwoWays{50, 0}), Pair("internal", TwoWays{1, 0})));
    EXPECT_EQ(fleet.sums().other, (TwoWays{10, 0}));
    EXPECT_EQ(fleet.sums().owners_in_other, 1u);
    // It overtakes b: from here on it has a figure of its own, and b keeps its.
    fleet.add(transfer("c", 60, 0));
    EXPECT_EQ(shown(fleet.sums()).at("c"), (TwoWays{60, 0}));
    EXPECT_EQ(fleet.sums().other, (TwoWays{10, 0}));
    EXPECT_EQ(all_bytes(fleet.sums()), 221u);
    // Up to twice as many.
    fleet.add(transfer("d", 1000, 0));
    fleet.add(transfer("e", 2000, 0));
    EXPECT_EQ(shown(fleet.sums()).size(), 5u);
    EXPECT_EQ(fleet.sums().other, (TwoWays{2010, 0}));
    EXPECT_EQ(fleet.sums().owners_cut, 1u);
}

TEST(FleetFigures, CountDevicesByWhatIsKnownOfThemNow) {
    FleetFigures fleet(10, 2);
    fleet.add(device("1", "", ""));
    fleet.add(device("2", "", ""));
    fleet.add(device("1", "xiaomi", "phone"));
    EXPECT_THAT(fleet.sums().devices_by_maker, ElementsAre(Pair("", 1u), Pair("xiaomi", 1u)));
    EXPECT_THAT(fleet.sums().devices_by_class, ElementsAre(Pair("", 1u), Pair("phone", 1u)));
    fleet.add(device("3", "apple", "phone"));
    EXPECT_EQ(fleet.sums().devices_by_maker.count("apple"), 0u);
    EXPECT_EQ(fleet.sums().devices_beyond, 1u);
}

TEST(FleetFigures, ShowFiftyMakersAndTheRestTogether) {
    FleetFigures fleet(10, 2000);
    int id = 0;
    for (int maker = 1; maker <= 60; ++maker) {  // maker n has n devices
        for (int i = 0; i < maker; ++i) fleet.add(device(std::to_string(++id), std::to_string(maker), "phone"));
    }
    const auto makers = fleet.sums().devices_by_maker;
    EXPECT_EQ(makers.size(), 51u);
    EXPECT_EQ(makers.at("60"), 60u);
    EXPECT_EQ(makers.at("other"), 55u) << "makers 1 to 10";
    EXPECT_EQ(makers.count("10"), 0u);
    EXPECT_EQ(fleet.sums().devices_by_class.at("phone"), 60u * 61u / 2);
}

TEST(FleetFigures, AddUpBytesByCountryOfControl) {
    FleetFigures fleet(10, 100);
    const auto to = [&fleet](const char* owner, const char* country, std::int64_t up, std::int64_t down) {
        model::Event event = transfer(owner, up, down);
        event.destination.edit().owner_country = country;
        fleet.add(event);
    };
    to("xiaomi", "CN", 100, 20);
    to("huawei", "CN", 1, 2);
    to("google", "US", 7, 8);
    to("unattributed", "", 70, 30);
    to("unattributed", "", -70, -30);
    to("internal", "", 5, 5);
    EXPECT_THAT(fleet.sums().countries,
                ElementsAre(Pair("", TwoWays{70, 30}), Pair("CN", TwoWays{101, 22}), Pair("US", TwoWays{7, 8})));
}

TEST(FleetFigures, KeepTheExpositionSmallInALargeNetwork) {
    FleetFigures fleet(1000, 65'536);
    for (int i = 0; i < 50'000; ++i) {
        fleet.add(device("device-" + std::to_string(i), "maker-with-a-long-name-" + std::to_string(i % 5'000),
                         "class-" + std::to_string(i % 30)));
    }
    for (int i = 0; i < 10'000; ++i) {
        model::Event event = transfer("an-owner-whose-name-is-long-" + std::to_string(i), 1'000'000'000 + i, i);
        event.destination.edit().owner_country = {static_cast<char>('A' + i % 26),
                                                  static_cast<char>('A' + i / 26 % 26)};
        fleet.add(event);
    }
    SensorFigures figures;
    figures.fleet = fleet.sums();
    const std::string text = prometheus_http::to_text(metric_families(figures));
    EXPECT_LT(text.size(), 2u << 20U);
    EXPECT_EQ(all_bytes(figures.fleet), 10'000 * 1'000'000'000ULL + 9'999 * 10'000ULL) << "none is lost";
    EXPECT_THAT(text, testing::HasSubstr("telltale_owner_bytes_total{owner=\"other\""));
}

TEST(FleetFigures, CountAlertsOfAPolicyFromZeroOn) {
    FleetFigures fleet(10, 100);
    fleet.expect_alerts("account-in-clear", model::Severity::high);
    EXPECT_THAT(fleet.sums().alerts, ElementsAre(Pair(Pair("account-in-clear", model::Severity::high), 0U)));
}

TEST(FleetFigures, CountAlertsWhenTheyOpen) {
    FleetFigures fleet(10, 10);
    EXPECT_THAT(fleet.sums().alerts, IsEmpty());
    using enum model::AlertState;
    for (const model::AlertState state : {open, update, closed, open}) {
        model::Event event;
        event.action = model::EventAction::policy_alert;
        event.alert.edit().policy_id = "cleartext";
        event.alert.edit().severity = model::Severity::high;
        event.alert.edit().state = state;
        fleet.add(event);
    }
    EXPECT_THAT(fleet.sums().alerts, ElementsAre(Pair(Pair("cleartext", model::Severity::high), 2u)));
}

}  // namespace
}  // namespace telltale::app
