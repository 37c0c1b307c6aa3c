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
