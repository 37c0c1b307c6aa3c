// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/destinations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::Flow;
using testing::Packet;
using testing::RecordFeed;
using testing::sums;

constexpr const char* kPhone = "0c:1d:af:00:00:05";
constexpr const char* kRouter = "00:11:22:00:00:01";

TEST(Destinations, ReservedOwnersAndTheAccountableSide) {
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

TEST(Destinations, EvidenceOfAFlowDecidesItsOwner) {
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

TEST(Destinations, DnsNamesTheFlowsThatStartAfterItWithinTtlAndAnHour) {
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

TEST(Destinations, ADevicesOtherAddressUsesItsAnswers) {
    RecordFeed feed;
    feed.arp("192.168.1.5", kPhone);
    feed.resolve("192.168.1.5", kPhone, "www.google.com", {{"203.0.113.10"}});
    feed.delta(feed.open({.source = "192.168.1.77"}), 100, 0, true);
    feed.finish(60);
    EXPECT_EQ(sums(feed).count("google"), 1U);
}

TEST(Destinations, CausesAddUpToWhatIsUnattributed) {
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

TEST(Destinations, ALateNameMovesWhatWasReportedAsUnattributed) {
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

}  // namespace
}  // namespace telltale::correlate
