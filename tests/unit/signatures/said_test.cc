// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "sensor/model/dns_answer.h"
#include "signatures/said_rows.h"

namespace telltale::signatures {
namespace {

using model::DnsAnswer;
using model::DnsQuestion;
using model::PackedDns;
namespace dns_type = model::dns_type;

Said row(Reading reading, model::Field field = model::Field::software) {
    Said said = kSaid[0];
    said.reading = reading;
    said.field = field;
    return said;
}

std::vector<std::string> texts(const Said& said, base::Bytes value) {
    std::vector<std::string> out;
    SaidTexts all(said, value);
    for (std::string_view text = all.next(); !text.empty(); text = all.next()) out.emplace_back(text);
    return out;
}

using Texts = std::vector<std::string>;

TEST(SaidTexts, ReadsEachFieldAsItsRowSays) {
    const DnsAnswer alias{.type = dns_type::cname, .name = "www.a.test", .target = "b.test"};
    const DnsAnswer pointer{.type = dns_type::ptr, .name = "a.test", .target = "b.test"};
    EXPECT_EQ(texts(row(Reading::text), base::as_bytes("A 1")), Texts{"A 1"});
    EXPECT_EQ(texts(row(Reading::text), {}), Texts{});
    EXPECT_EQ(texts(row(Reading::site), base::as_bytes("*.a.test")), Texts{"a.test"});
    EXPECT_EQ(texts(row(Reading::site), base::as_bytes("a.*.test")), Texts{"a.*.test"});
    EXPECT_EQ(texts(row(Reading::question), PackedDns(DnsQuestion{dns_type::a, "a.test"}).bytes()), Texts{"a.test"});
    EXPECT_EQ(texts(row(Reading::alias), PackedDns(alias).bytes()), Texts{"b.test"});
    EXPECT_EQ(texts(row(Reading::alias), PackedDns(pointer).bytes()), Texts{});
    EXPECT_EQ(texts(row(Reading::numbers, model::Field::dhcp_parameters), std::vector<std::uint8_t>{1, 3, 6}),
              Texts{"1,3,6"});
    EXPECT_EQ(texts(row(Reading::numbers, model::Field::dhcpv6_requested), std::vector<std::uint8_t>{23, 0, 0, 1}),
              Texts{"23,256"});
}

TEST(SaidTexts, ReadsEachStringOfAServiceBehindItsType) {
    struct Case {
        std::string_view name;
        std::string strings;
        Texts expected;
    };
    const std::string two = std::string("\4md=A\4fn=B");
    const Case cases[] = {
        {"Kitchen._cast._tcp.local", two, {"_cast._tcp md=A", "_cast._tcp fn=B"}},
        {"Dr. No's._cast._udp.local", two, {"_cast._udp md=A", "_cast._udp fn=B"}},
        {"_cast._tcp.local", two, {"_cast._tcp md=A", "_cast._tcp fn=B"}},
        {"kitchen.local", two, {}},
        {"Kitchen._cast._tcp.example.com", two, {}},
        {"Kitchen._tcp.local", two, {}},
        {"Kitchen._cast._tcp.local", "\4flag\4md=A", {"_cast._tcp md=A"}},
        {"Kitchen._cast._tcp.local",
         "\xff"
         "md=A",
         {"_cast._tcp md=A"}},
        {"Kitchen._cast._tcp.local", "", {}},
    };
    for (const Case& one : cases) {
        const DnsAnswer answer{.type = dns_type::txt, .name = one.name, .strings = base::as_bytes(one.strings)};
        EXPECT_EQ(texts(row(Reading::service_text), PackedDns(answer).bytes()), one.expected) << one.name;
    }
    const DnsAnswer other{.type = dns_type::hinfo, .name = "a._b._tcp.local", .strings = base::as_bytes(two)};
    EXPECT_EQ(texts(row(Reading::service_text), PackedDns(other).bytes()), Texts{});
    EXPECT_EQ(texts(row(Reading::service_text), {}), Texts{});
}

// A signature's id does not say which value it is of: where a row has one text, a second one is nobody's.
TEST(Said, OfARowWithOneTextTheFirstIsVisited) {
    const auto visited = [](model::RecordKind kind, model::Field field) {
        model::RecordBuffer buffer(model::kMaxRecordBytes);
        model::RecordHeader header;
        header.kind = kind;
        model::RecordWriter writer(buffer, header);
        writer.put(field, "a.test").put(field, "b.test");
        EXPECT_TRUE(writer.commit());
        Texts values;
        buffer.for_each([&](std::span<std::uint8_t> bytes) {
            for_each_said(model::RecordView(bytes),
                          [&](const Said&, base::Bytes value) { values.emplace_back(base::as_text(value)); });
        });
        return values;
    };
    EXPECT_EQ(visited(model::RecordKind::coap, model::Field::service_name), Texts{"a.test"});
    EXPECT_EQ(visited(model::RecordKind::http, model::Field::user_agent), Texts{"a.test"});
    EXPECT_EQ(visited(model::RecordKind::nbns, model::Field::names), (Texts{"a.test", "b.test"}));
    EXPECT_EQ(visited(model::RecordKind::mdns, model::Field::dns_answer), (Texts{"a.test", "b.test"}));
}

TEST(Said, SetsAndSourcesAreOfTheSameRow) {
    for (const Said& said : kSaid) {
        EXPECT_NE(said.kinds, 0U);
        if (said.role == Role::destination) {
            EXPECT_EQ(said.set, PatternSet::host_name);
        } else {
            EXPECT_EQ(to_string(said.set), to_string(said.source));
            EXPECT_EQ(source_of(said.set), said.source);
            EXPECT_FALSE(kEvidenceInWords[said.source].empty());
        }
    }
    EXPECT_EQ(source_of(PatternSet::host_name), EvidenceSource::destination);
}

}  // namespace
}  // namespace telltale::signatures
