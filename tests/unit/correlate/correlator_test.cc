// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/correlator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::Flow;
using ::testing::HasSubstr;
using testing::mac;
using testing::Packet;
using testing::RecordFeed;
using testing::sums;

constexpr const char* kPhone = "0c:1d:af:00:00:05";
constexpr const char* kRouter = "00:11:22:00:00:01";
constexpr const char* kRedmiAgent = "Dalvik/1.6.0 (Linux; U; Android 4.3; Redmi 1S Build/JLS36C)";

TEST(Correlator, ReservedOwnersAndTheAccountableSide) {
    struct Case {
        const char* description;
        Packet packet;
        const char* owner;
        const char* device;  // its address; empty: none
        std::uint64_t up;    // of 100 out, 7 back
    };
    const Case kCases[] = {
        {"home to a stranger", {}, "unattributed", "192.168.1.5", 100},
        {"a stranger to home",
         {"203.0.113.10", "192.168.1.5", 40000, 22, 6, kRouter, kPhone},
         "unattributed",
         "192.168.1.5",
         7},
        {"home to home: the initiator",
         {"192.168.1.5", "192.168.1.6", 40000, 9100, 6, kPhone, "0c:1d:af:00:00:06"},
         "internal",
         "192.168.1.5",
         100},
        {"home to home, seen from the answer on",
         {"192.168.1.6", "192.168.1.5", 443, 40000, 6, "0c:1d:af:00:00:06", kPhone},
         "internal",
         "192.168.1.5",
         7},
        {"multicast",
         {"192.168.1.5", "224.0.0.251", 5353, 5353, 17, kPhone, "01:00:5e:00:00:fb"},
         "multicast",
         "192.168.1.5",
         100},
        {"subnet broadcast",
         {"192.168.1.5", "192.168.1.255", 138, 138, 17, kPhone, "ff:ff:ff:ff:ff:ff"},
         "multicast",
         "192.168.1.5",
         100},
        {"neither side home", {"198.51.100.1", "203.0.113.10", 40000, 443, 6, kPhone, kRouter}, "transit", "", 100},
    };
    for (const Case& c : kCases) {
        RecordFeed feed;
        feed.delta(feed.open(c.packet), 100, 7, true);
        feed.finish(60);
        const auto transfers = feed.events(EventAction::transfer_summary);
        ASSERT_EQ(transfers.size(), 1U) << c.description;
        EXPECT_EQ(transfers[0].destination->owner_id, c.owner) << c.description;
        EXPECT_EQ(transfers[0].transfer->bytes_up, c.up) << c.description;
        EXPECT_EQ(transfers[0].device.has_value(), *c.device != '\0') << c.description;
        if (!transfers[0].device) continue;
        ASSERT_EQ(transfers[0].device->addresses.size(), 1U) << c.description;
        EXPECT_EQ(model::to_string(transfers[0].device->addresses[0]), c.device) << c.description;
    }
}

TEST(Correlator, EvidenceOfAFlowDecidesItsOwner) {
    RecordFeed feed;
    feed.resolve("192.168.1.5", kPhone, "www.google.com", {{"203.0.113.10"}});
    feed.resolve("192.168.1.6", "0c:1d:af:00:00:06", "tracking.miui.com", {{"203.0.113.11"}});
    const Flow by_name = feed.open({});
    feed.tls(by_name, {.server_name = "api.account.xiaomi.com"});
    feed.delta(by_name, 1000, 1, true);
    const Flow by_host = feed.open({.source_port = 40001});
    feed.http(by_host, "api.account.xiaomi.com:80");
    feed.delta(by_host, 2000, 2, true);
    const Flow by_dns = feed.open({.source_port = 40002});
    feed.delta(by_dns, 4000, 4, true);
    const Flow by_dns_of_another = feed.open({.destination = "203.0.113.11"});
    feed.delta(by_dns_of_another, 8000, 8, true);
    const Flow literal_host = feed.open({.destination = "203.0.113.12"});
    feed.http(literal_host, "203.0.113.12");
    feed.delta(literal_host, 16000, 16, true);
    feed.finish(60);
    auto rows = sums(feed);
    EXPECT_EQ(rows["xiaomi"], (std::pair<std::uint64_t, std::uint64_t>{3000, 3}));
    EXPECT_EQ(rows["google"], (std::pair<std::uint64_t, std::uint64_t>{4000, 4}));
    EXPECT_EQ(rows["unattributed"], (std::pair<std::uint64_t, std::uint64_t>{24000, 24}));
}

TEST(Correlator, DnsNamesTheFlowsThatStartAfterItWithinTtlAndAnHour) {
    struct Case {
        const char* description;
        double flow_at_s;
        const char* owner;
    };
    for (const Case& c :
         {Case{"before the answer", 9, "unattributed"}, Case{"after it", 11, "google"},
          Case{"an hour after its TTL", 10 + 60 + 3599, "google"}, Case{"later", 10 + 60 + 3601, "unattributed"}}) {
        RecordFeed feed;
        Flow flow;
        feed.at(c.flow_at_s);
        if (c.flow_at_s < 10) flow = feed.open({});
        feed.at(10);
        feed.resolve("192.168.1.5", kPhone, "www.google.com", {{"203.0.113.10", 60}});
        feed.at(c.flow_at_s);
        if (c.flow_at_s >= 10) flow = feed.open({});
        feed.delta(flow, 100, 0, true);
        feed.finish(9000);
        EXPECT_EQ(sums(feed).count(c.owner), 1U) << c.description;
    }
}

TEST(Correlator, ADevicesOtherAddressUsesItsAnswers) {
    RecordFeed feed;
    feed.arp("192.168.1.5", kPhone);
    feed.resolve("192.168.1.5", kPhone, "www.google.com", {{"203.0.113.10"}});
    feed.delta(feed.open({.source = "192.168.1.77"}), 100, 0, true);
    feed.finish(60);
    EXPECT_EQ(sums(feed).count("google"), 1U);
}

TEST(Correlator, CausesAddUpToWhatIsUnattributed) {
    RecordFeed feed;
    const Flow no_name = feed.open({.source_port = 1});
    feed.unnamed(no_name);
    const Flow unknown = feed.open({.source_port = 2});
    feed.tls(unknown, {.server_name = "example.org"});
    const Flow hidden = feed.open({.source_port = 3});
    feed.tls(hidden, {.server_name = "cloudflare-ech.com", .ech = true});
    const Flow cut = feed.open({.source_port = 4});
    feed.tls(cut, {.truncated = true});
    feed.delta(no_name, 1, 0, true);
    feed.delta(unknown, 20, 0, true);
    feed.delta(hidden, 300, 0, true);
    feed.delta(cut, 4000, 0, true);
    feed.finish(60);
    const auto transfers = feed.events(EventAction::transfer_summary);
    ASSERT_EQ(transfers.size(), 1U);
    const model::Transfer& row = *transfers[0].transfer;
    EXPECT_EQ(row.bytes_up, 4321U);
    EXPECT_EQ(row.ech_flows, 1U);
    EXPECT_EQ(row.flows, 4U);
    EXPECT_EQ(row.domains, (std::vector<std::string>{"cloudflare-ech.com", "example.org"}));
    std::map<model::UnattributedCause, std::uint64_t> causes;
    for (const auto& cause : row.unattributed) causes[cause.cause] = cause.bytes;
    EXPECT_EQ(causes, (std::map<model::UnattributedCause, std::uint64_t>{{model::UnattributedCause::no_name, 1},
                                                                         {model::UnattributedCause::unknown_name, 20},
                                                                         {model::UnattributedCause::hidden_name, 300},
                                                                         {model::UnattributedCause::cut_name, 4000}}));
}

TEST(Correlator, ALateNameMovesWhatWasReportedAsUnattributed) {
    RecordFeed feed;
    feed.at(10);
    const Flow flow = feed.open({});
    feed.delta(flow, 100, 10);
    feed.close_interval(60);
    EXPECT_EQ(sums(feed).count("unattributed"), 1U);
    EXPECT_FALSE(feed.events(EventAction::transfer_summary)[0].transfer->final);
    feed.at(61);
    feed.tls(flow, {.server_name = "www.google.com"});
    feed.delta(flow, 1000, 0, true);
    feed.close_interval(120);
    EXPECT_EQ(feed.counters().flows_late, 1U);
    EXPECT_EQ(sums(feed), (std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>{{"google", {1100, 10}}}));
    int late = 0;
    for (const auto& event : feed.events(EventAction::transfer_summary)) {
        late += event.transfer->late ? 1 : 0;
        if (event.destination->owner_id == "google") {
            EXPECT_TRUE(event.transfer->final);
        }
    }
    EXPECT_EQ(late, 2) << "what is taken back and what is given";
}

// A random day: what is reported must be what the flows had, whatever names arrive when.
void play(RecordFeed& feed, unsigned seed, std::uint64_t& total) {
    static constexpr const char* kNames[] = {"api.account.xiaomi.com", "tracking.miui.com", "www.google.com",
                                             "example.org"};
    static constexpr const char* kPeers[] = {"203.0.113.1", "203.0.113.2", "192.168.1.9", "224.0.0.251"};
    std::mt19937 random(seed);
    const auto pick = [&random](unsigned n) { return static_cast<unsigned>(random() % n); };
    std::vector<Flow> open;
    for (unsigned step = 0; step < 600; ++step) {
        feed.at(step);
        if (step % 60 == 0 && step != 0) feed.close_interval(step);
        const unsigned action = open.empty() ? 0 : pick(6);
        const std::size_t at = open.empty() ? 0 : pick(static_cast<unsigned>(open.size()));
        if (action == 0) {
            Packet packet;
            packet.source = "192.168.1." + std::to_string(10 + pick(3));
            packet.source_mac = "0c:1d:af:00:00:" + std::to_string(10 + pick(3));
            packet.destination = kPeers[pick(4)];
            packet.source_port = static_cast<std::uint16_t>(10000 + step);
            packet.protocol = pick(2) == 0 ? model::kProtocolTcp : model::kProtocolUdp;
            open.push_back(feed.open(packet));
        } else if (action == 1) {
            feed.tls(open[at], {.server_name = kNames[pick(4)], .ech = pick(4) == 0});
        } else if (action == 2) {
            feed.http(open[at], kNames[pick(4)], kRedmiAgent);
        } else if (action == 3) {
            feed.resolve("192.168.1.10", "0c:1d:af:00:00:10", kNames[pick(4)], {{kPeers[pick(2)]}});
            total += 180;
        } else {
            const std::uint64_t out = pick(1500);
            const std::uint64_t back = pick(1500);
            const bool final = action == 5;
            feed.delta(open[at], out, back, final);
            total += out + back;
            if (final) open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
        }
    }
    feed.finish(600);
}

TEST(Correlator, TransfersAddUpToTheDeltas) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        for (const std::size_t max_rows : {std::size_t{1'000'000}, std::size_t{3}}) {
            CorrelateConfig config;
            config.max_ledger_rows = max_rows;
            RecordFeed feed(config);
            std::uint64_t total = 0;
            play(feed, seed, total);
            std::uint64_t reported = 0;
            for (const auto& event : feed.events(EventAction::transfer_summary)) {
                reported += event.transfer->bytes_up + event.transfer->bytes_down;
            }
            EXPECT_EQ(reported, total) << "seed " << seed << ", " << max_rows << " rows";
            EXPECT_EQ(feed.counters().bytes, total);
            EXPECT_EQ(feed.counters().ledger_rows_folded > 0, max_rows == 3);
        }
    }
}

TEST(Correlator, WorkersDoNotChangeTheEvents) {
    std::uint64_t total = 0;
    RecordFeed one({}, testing::small_bundle(), 1), four({}, testing::small_bundle(), 4);
    play(one, 7, total);
    play(four, 7, total);
    EXPECT_GT(one.lines().size(), 50U);
    EXPECT_EQ(one.lines(), four.lines());
}

TEST(Correlator, RepeatsOfSendersAndBindingsChangeNothing) {
    RecordFeed once, twice;
    for (int i = 0; i < 2; ++i) {
        for (RecordFeed* feed : {&once, &twice}) {
            if (i == 1 && feed == &once) continue;
            feed->arp("192.168.1.5", kPhone);
            feed->sender(kPhone);
            feed->dhcp_ack(kPhone, "192.168.1.5");
        }
    }
    EXPECT_EQ(once.events(EventAction::device_changed).size(), twice.events(EventAction::device_changed).size());
    EXPECT_EQ(once.events(EventAction::device_first_seen).size(), 2U) << "the phone and the server";
    EXPECT_EQ(twice.events(EventAction::device_first_seen).size(), 2U);
}

TEST(Correlator, ADeviceIsSeenIdentifiedAndChanged) {
    RecordFeed feed;
    feed.dhcp_request(kPhone, "android-dhcp-4", "Redmi-1S");
    feed.dhcp_ack(kPhone, "192.168.1.5");
    const Flow flow = feed.open({.destination_port = 80});
    feed.http(flow, "example.org", kRedmiAgent);
    feed.finish(60);
    ASSERT_EQ(feed.events()[0].action, EventAction::device_first_seen);
    const auto identified = feed.events(EventAction::device_identified);
    ASSERT_GE(identified.size(), 1U);
    EXPECT_EQ(identified[0].device->os, "android");
    EXPECT_EQ(identified[0].device->maker_id, "xiaomi");
    EXPECT_EQ(identified[0].device->host_name, "Redmi-1S");
    const auto changed = feed.events(EventAction::device_changed);
    ASSERT_FALSE(changed.empty());
    EXPECT_THAT(changed[0].message, HasSubstr("new address 192.168.1.5"));
    const auto contact = feed.events(EventAction::destination_first_contact);
    ASSERT_EQ(contact.size(), 1U);
    EXPECT_EQ(contact[0].device->model, "Redmi 1S");
    EXPECT_NEAR(contact[0].device->confidence, 1 - 0.45 * 0.2, 1e-6);
    EXPECT_GE(contact[0].device->evidence.size(), 3U);
}

TEST(Correlator, WhatARouterSaysOnTheLinkIsItsOwnWhatItForwardsIsNot) {
    struct Case {
        const char* description;
        Packet packet;
        std::size_t devices;
    };
    const Case kCases[] = {
        {"broadcast", {"192.168.1.1", "192.168.1.255", 138, 138, 17, kRouter, "ff:ff:ff:ff:ff:ff"}, 2},
        {"local multicast", {"192.168.1.1", "224.0.0.251", 5353, 5353, 17, kRouter, "01:00:5e:00:00:fb"}, 2},
        {"multicast that routers forward", {"192.168.1.1", "239.1.2.3", 9, 9, 17, kRouter, "01:00:5e:01:02:03"}, 3},
        {"unicast", {"192.168.1.1", "192.168.1.5", 9, 9, 17, kRouter, kPhone}, 3},
    };
    for (const Case& c : kCases) {
        RecordFeed feed;
        feed.open({});  // makes the peer's MAC address a router's
        feed.sender(kRouter);
        feed.open(c.packet);
        EXPECT_EQ(feed.counters().devices, c.devices) << c.description;
    }
}

TEST(Correlator, PrivateMacAddressesAreFlagged) {
    RecordFeed feed;
    feed.sender("02:1d:af:00:00:05");
    feed.sender(kPhone);
    feed.finish(1);
    const auto seen = feed.events(EventAction::device_first_seen);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_TRUE(seen[0].device->mac_randomized);
    EXPECT_FALSE(seen[1].device->mac_randomized);
}

TEST(Correlator, GlobalIpv6OfAHomeHostIsHomeOnceTheRouterIsKnown) {
    RecordFeed feed;
    feed.open({});  // makes the peer's MAC address a router's
    const Flow flow = feed.open({.source = "2001:db8:1::5", .destination = "2001:db8:ffff::1"});
    feed.tls(flow, {.server_name = "www.google.com"});
    feed.delta(flow, 100, 0, true);
    feed.finish(60);
    EXPECT_EQ(sums(feed).count("google"), 1U);
    EXPECT_EQ(feed.counters().home_prefixes_learned, 1U);
}

TEST(Correlator, AStrangersHelloDoesNotNameTheStranger) {
    RecordFeed feed;
    const Flow flow = feed.open({"203.0.113.10", "192.168.1.5", 40000, 443, 6, kRouter, kPhone});
    feed.tls(flow, {.server_name = "www.google.com"});
    feed.delta(flow, 100, 0, true);
    feed.finish(60);
    EXPECT_EQ(sums(feed).count("unattributed"), 1U);
}

TEST(Correlator, FirstContactIsToldOnceAndCarriesTheFlow) {
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

TEST(Correlator, AnAlertOpensAtOnceWithItsReasonAndIsUpdatedLater) {
    RecordFeed feed;
    feed.dhcp_request(kPhone, "", "Redmi-1S");
    feed.http(feed.open({.source_port = 1, .destination_port = 80}), "api.account.xiaomi.com", kRedmiAgent);
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
    EXPECT_EQ(feed.events(EventAction::policy_alert).size(), 2U) << "nothing new to tell";
}

TEST(Correlator, TheSameOverTlsRaisesNoCleartextAlert) {
    RecordFeed feed;
    feed.tls(feed.open({}), {.server_name = "api.account.xiaomi.com"});
    feed.finish(60);
    EXPECT_TRUE(feed.events(EventAction::policy_alert).empty());
}

TEST(Correlator, AnIdentityThatComesLateLosesNoAlert) {
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

TEST(Correlator, TextFromPacketsCannotForgeALine) {
    RecordFeed feed;
    feed.dhcp_request(kPhone, "", "evil\nname");
    feed.finish(1);
    for (const model::Event& event : feed.events()) EXPECT_EQ(event.message.find('\n'), std::string::npos);
    EXPECT_EQ(feed.events().back().device->host_name, "evil\nname") << "fields are raw";
}

TEST(Correlator, LimitsAreKeptAndCounted) {
    CorrelateConfig config;
    config.max_contacts = 1;
    config.max_alerts = 0;
    config.max_flow_slots = 4;
    RecordFeed feed(config);
    for (std::uint16_t i = 1; i < 10; ++i) {
        const Flow flow = feed.open({.destination = "203.0.113." + std::to_string(i), .source_port = i});
        feed.http(flow, "api.account.xiaomi.com");
        feed.unnamed(feed.open({.destination = "198.51.100." + std::to_string(i), .source_port = i}));
        feed.delta(flow, 10, 0, true);
    }
    feed.finish(60);
    EXPECT_EQ(feed.events(EventAction::destination_first_contact).size(), 1U);
    EXPECT_GT(feed.counters().contacts_over_limit, 0U);
    EXPECT_GT(feed.counters().alerts_over_limit, 0U);
    EXPECT_GT(feed.counters().flows_over_limit, 0U);
    EXPECT_TRUE(feed.events(EventAction::policy_alert).empty());
    EXPECT_EQ(feed.counters().bytes, 90U) << "no byte is lost";
}

TEST(Correlator, SignatureIdsBeyondTheBundleAreCountedAndIgnored) {
    signatures::Bundle empty;
    RecordFeed feed({}, empty);
    model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
    Correlator correlator({}, std::make_shared<const signatures::Bundle>(empty), nullptr, nullptr);
    model::RecordHeader header = feed.open({}).header;
    header.kind = model::RecordKind::tls;
    header.signature_count = 1;
    header.signatures[0] = 4711;
    ASSERT_TRUE(
        model::RecordWriter(buffer, header).put(model::Field::tls_server_name, std::string_view("x.org")).commit());
    buffer.for_each([&](std::span<std::uint8_t> bytes) { correlator.on_record(model::RecordView(bytes)); });
    EXPECT_EQ(correlator.counters().signatures_out_of_range, 1U);
    EXPECT_EQ(correlator.counters().flows_without_start, 1U);
}

}  // namespace
}  // namespace telltale::correlate
