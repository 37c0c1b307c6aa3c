// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/encrypted_dns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::Flow;
using ::testing::HasSubstr;
using testing::RecordFeed;

TEST(EncryptedDns, IsKnownByPortProtocolNameOrResolver) {
    struct Case {
        const char* description;
        std::uint8_t protocol;
        std::uint16_t port;
        std::string alpn;
        std::string name;
        Application expected;
    };
    const Case cases[] = {
        {"over TLS, its port", model::kProtocolTcp, 853, "", "", Application::dns_over_tls},
        {"over TLS, another port", model::kProtocolTcp, 443, "dot", "dns.example", Application::dns_over_tls},
        {"over QUIC, its port", model::kProtocolUdp, 853, "", "", Application::dns_over_quic},
        {"over QUIC, another port", model::kProtocolUdp, 784, "doq", "", Application::dns_over_quic},
        {"a resolver", model::kProtocolTcp, 443, "h2", "dns.google", Application::dns_over_https},
        {"in capital letters", model::kProtocolUdp, 443, "h3", "DNS.Google", Application::dns_over_https},
        {"below a resolver's name", model::kProtocolTcp, 443, "", "abc123.dns.nextdns.io", Application::dns_over_https},
        {"a name that ends alike", model::kProtocolTcp, 443, "", "mydns.google", Application::other},
        {"another name", model::kProtocolTcp, 443, "h2", "www.example.com", Application::other},
        {"no name", model::kProtocolTcp, 443, "h2", "", Application::other},
        {"a very long name", model::kProtocolTcp, 443, "", std::string(2000, 'a'), Application::other},
    };
    const signatures::Bundle bundle = testing::small_bundle();
    const EncryptedDns encrypted_dns(bundle);
    for (const Case& c : cases) {
        model::RecordBuffer buffer(model::kMaxRecordBytes);
        model::RecordHeader header;
        header.kind = model::RecordKind::tls;
        header.key.protocol = c.protocol;
        header.key.port_b = c.port;
        model::RecordWriter writer(buffer, header);
        if (!c.name.empty()) writer.put(model::Field::tls_server_name, c.name);
        if (!c.alpn.empty()) writer.put(model::Field::tls_alpn, c.alpn);
        ASSERT_TRUE(writer.commit());
        buffer.for_each([&](std::span<std::uint8_t> bytes) {
            EXPECT_EQ(encrypted_dns.of(model::RecordView(bytes)), c.expected) << c.description;
        });
    }
}

TEST(EncryptedDns, IsToldAsWhatHidesNames) {
    RecordFeed feed;
    const Flow before = feed.open({.source_port = 1});
    feed.unnamed(before);
    feed.delta(before, 1, 0, true);
    const Flow resolver = feed.open({.destination = "203.0.113.53", .source_port = 2});
    feed.tls(resolver, {.server_name = "Chrome.Cloudflare-DNS.com"});
    feed.tls_server(resolver);
    feed.delta(resolver, 20, 0, true);
    const Flow over_tls = feed.open({.destination = "203.0.113.54", .source_port = 3, .destination_port = 853});
    feed.tls(over_tls, {});
    feed.delta(over_tls, 300, 0, true);
    const Flow after = feed.open({.source_port = 4});
    feed.unnamed(after);
    feed.delta(after, 4000, 0, true);
    feed.finish(60);
    std::map<model::UnattributedCause, std::uint64_t> causes;
    for (const model::Event& event : feed.events(EventAction::transfer_summary)) {
        for (const auto& cause : event.transfer->unattributed) causes[cause.cause] += cause.bytes;
    }
    EXPECT_EQ(causes[model::UnattributedCause::no_name], 1U);
    EXPECT_EQ(causes[model::UnattributedCause::encrypted_dns], 4300U) << "its hello without a name, and what follows";
    std::string protocols;
    for (const model::Event& event : feed.events(EventAction::destination_first_contact)) {
        if (event.flow) protocols += event.flow->application + " ";
    }
    EXPECT_THAT(protocols, HasSubstr("dns_over_https"));
    EXPECT_THAT(protocols, HasSubstr("dns_over_tls"));
}

}  // namespace
}  // namespace telltale::correlate
