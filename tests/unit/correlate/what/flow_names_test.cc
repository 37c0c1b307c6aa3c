// SPDX-License-Identifier: Apache-2.0
// What a flow is known by where its client names nothing: the server's certificate, the port.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::Flow;
using testing::RecordFeed;
using testing::sums;

constexpr const char* kPhone = "0c:1d:af:00:00:05";
constexpr const char* kRouter = "00:11:22:00:00:01";

TEST(FlowNames, TheServersCertificateNamesWhatTheClientDoesNot) {
    struct Case {
        const char* description;
        std::vector<std::string> certificate;
        const char* owner;
        const char* domain;
    };
    const Case cases[] = {
        {"none", {}, "unattributed", ""},
        {"its subject", {"account.xiaomi.com"}, "xiaomi", "account.xiaomi.com"},
        {"a wildcard", {"*.xiaomi.com"}, "xiaomi", "xiaomi.com"},
        {"an alternative name", {"Example Device", "www.google.com"}, "google", "www.google.com"},
        {"several of one owner", {"example.org", "account.xiaomi.com", "tracking.miui.com"}, "xiaomi", "example.org"},
        {"names of several owners",
         {"cdn.example.org", "account.xiaomi.com", "www.google.com"},
         "unattributed",
         "cdn.example.org"},
        {"no site", {"localhost"}, "unattributed", ""},
        {"an address", {"203.0.113.10"}, "unattributed", ""},
    };
    for (const Case& c : cases) {
        RecordFeed feed;
        const Flow flow = feed.open({});
        feed.tls(flow, {});
        feed.tls_server(flow, c.certificate);
        feed.delta(flow, 100, 7, true);
        feed.close_interval(60);
        const auto rows = sums(feed);
        ASSERT_EQ(rows.size(), 1U) << c.description;
        EXPECT_EQ(rows.begin()->first, c.owner) << c.description;
        EXPECT_EQ(feed.events(EventAction::destination_first_contact).size(), 1U) << c.description;
        EXPECT_EQ(feed.events(EventAction::destination_first_contact).back().destination->domain, c.domain)
            << c.description;
    }
}

TEST(FlowNames, TheCertificateOfOneOfOurHostsSaysNothingOfTheStranger) {
    RecordFeed feed;
    Flow flow = feed.open({"203.0.113.10", "192.168.1.5", 40000, 443, 6, kRouter, kPhone});
    feed.tls_server(flow, {"account.xiaomi.com"});
    feed.delta(flow, 100, 7, true);
    feed.close_interval(60);
    EXPECT_EQ(sums(feed).count("unattributed"), 1U);
}

// A flow whose message names its service is decided then: its contact is an event before the flow's first delta.
TEST(FlowNames, TheServiceThatAMessageNamesDecidesItsFlow) {
    struct Case {
        const char* description;
        model::RecordKind kind;
        const char* name;
        const char* second;
        const char* owner;
        const char* domain;
        model::AttributionMethod method;
    };
    using Method = model::AttributionMethod;
    using Kind = model::RecordKind;
    const Case cases[] = {
        {"a name", Kind::mipush, "account.xiaomi.com", "", "xiaomi", "account.xiaomi.com", Method::push_service},
        {"an address", Kind::mqtt, "203.0.113.9", "", "unattributed", "", Method::none},
        {"an IPv6 address", Kind::mqtt, "[2001:db8::1]:1883", "", "unattributed", "", Method::none},
        {"a user", Kind::mqtt, "joe@account.xiaomi.com", "", "unattributed", "", Method::none},
        {"a second name", Kind::mipush, "example.org", "account.xiaomi.com", "unattributed", "example.org",
         Method::none},
        {"a name behind an address", Kind::mqtt, "203.0.113.9", "example.org", "unattributed", "", Method::none},
    };
    for (const Case& c : cases) {
        RecordFeed feed;
        const Flow flow = feed.open({.destination_port = 1883});
        feed.service(flow, c.kind, c.name, c.second);
        feed.flush();
        const auto contacts = feed.events(EventAction::destination_first_contact);
        ASSERT_EQ(contacts.size(), 1U) << c.description;
        EXPECT_EQ(contacts[0].destination->owner_id, c.owner) << c.description;
        EXPECT_EQ(contacts[0].destination->domain, c.domain) << c.description;
        EXPECT_EQ(contacts[0].destination->method, c.method) << c.description;
    }
}

// XMPP is chat for the most part: how its server was found says so, and only a signature says that it is push.
TEST(FlowNames, AnXmppServerIsNoPushService) {
    RecordFeed feed;
    const Flow flow = feed.open({.destination_port = 5222});
    feed.service(flow, model::RecordKind::xmpp, "account.xiaomi.com");
    feed.delta(flow, 100, 7, true);
    feed.flush();
    const auto contacts = feed.events(EventAction::destination_first_contact);
    ASSERT_EQ(contacts.size(), 1U);
    EXPECT_EQ(contacts[0].destination->method, model::AttributionMethod::xmpp_server);
}

TEST(FlowNames, WhatIsNotReadIsToldByItsPort) {
    struct Case {
        std::uint16_t port;
        std::uint8_t protocol;
        const char* application;
        bool clear;
    };
    const Case cases[] = {
        {123, model::kProtocolUdp, "ntp", true},   {138, model::kProtocolUdp, "netbios", true},
        {500, model::kProtocolUdp, "ike", false},  {4500, model::kProtocolUdp, "ike", false},
        {4501, model::kProtocolUdp, "udp", false}, {500, model::kProtocolTcp, "tcp", false},
        {8, model::kProtocolIcmp, "icmp", false},
    };
    for (const Case& c : cases) {
        RecordFeed feed;
        feed.delta(feed.open({.destination_port = c.port, .protocol = c.protocol}), 100, 7, true);
        feed.finish(60);
        const auto transfers = feed.events(EventAction::transfer_summary);
        ASSERT_EQ(transfers.size(), 1U) << c.port;
        EXPECT_EQ(transfers[0].transfer->protocols, std::vector<std::string>{c.application}) << c.port;
        EXPECT_EQ(transfers[0].transfer->cleartext_bytes, c.clear ? 107U : 0U) << c.port;
    }
}

}  // namespace
}  // namespace telltale::correlate
