// SPDX-License-Identifier: Apache-2.0
// Multicast DNS and LLMNR, and the records that go beyond addresses.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/dns_message.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::ByteWriter;
using support::DnsMessage;
using support::DnsType;

using Texts = std::vector<std::string>;

std::string head(int type, int ttl, const std::string& name) {
    std::string out{static_cast<char>(type), 0};
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(ttl >> shift & 0xff);
    return out + static_cast<char>(name.size()) + name;
}

Bytes announcement() {
    return DnsMessage(0)
        .flags(0x8400)
        .ptr("_googlecast._tcp.local", "Küche._googlecast._tcp.local", 120)
        .additional()
        .srv("Küche._googlecast._tcp.local", "cast-7.local", 8009, 120)
        .txt("Küche._googlecast._tcp.local", {"md=Mi Box", "fn=Küche"}, 4500)
        .answer("cast-7.local", "192.168.7.9", 120)
        .bytes();
}

TEST(MulticastDns, ReadsAllSections) {
    const std::vector<Read> records = read_datagram(5353, 5353, announcement());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::mdns);
    EXPECT_EQ(records[0].all(Field::names),
              (Texts{"_googlecast._tcp.local", "Küche._googlecast._tcp.local", "cast-7.local"}));
    const std::string instance = "Küche._googlecast._tcp.local";
    EXPECT_EQ(
        records[0].all(Field::dns_answer),
        (Texts{head(12, 120, "_googlecast._tcp.local") + instance,
               head(33, 120, instance) + "\x49\x1f" + "cast-7.local",
               head(16, 4500, instance) + "\x09md=Mi Box\x09" + "fn=Küche",
               head(1, 120, "cast-7.local") + std::string({static_cast<char>(192), static_cast<char>(168), 7, 9})}));
}

TEST(MulticastDns, ReadsQuestions) {
    const Bytes query = DnsMessage(0).flags(0).question("a b._ipp._tcp.local", DnsType::ptr, 0x8001).bytes();
    const std::vector<Read> records = read_datagram(5353, 5353, query);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].all(Field::names), Texts{"a b._ipp._tcp.local"}) << "spaces stay";
}

TEST(MulticastDns, NamesComeBeforeAnswersWhereThereIsLittleRoom) {
    DnsMessage message(0);
    message.flags(0x8400);
    for (int i = 0; i < 60; ++i) {
        message.txt("device-" + std::to_string(i) + ".local", {std::string(200, 'x')}, 120);
    }
    const std::vector<Read> records = read_datagram(5353, 5353, message.bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].truncated);
    EXPECT_GT(records[0].all(Field::names).size(), 50U);
    EXPECT_GT(records[0].all(Field::dns_answer).size(), 8U);
}

TEST(LinkLocalNames, AreRead) {
    const Bytes query = DnsMessage(77).flags(0).question("小佛專機", DnsType::a).bytes();
    const std::vector<Read> records = read_datagram(50000, 5355, query);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].kind, RecordKind::llmnr);
    EXPECT_EQ(records[0].all(Field::names), Texts{"小佛專機"});
}

TEST(LocalNames, EveryTruncationGivesWhatIsThere) {
    expect_whole_values(udp(5353, 5353), announcement(), {},
                        {.uncut = Uncut::what_is_sound, .and_also = [](const Read& record, std::size_t size) {
                             EXPECT_TRUE(record.truncated) << size;
                             EXPECT_LE(record.all(Field::names).size(), 3U) << size;
                         }});
}

// RFC 9460: priority 1, the owner itself, alpn h2 and h3, two addresses, ech.
TEST(Dns, ReadsServiceRecords) {
    ByteWriter data;
    data.u16(1).u8(0);
    data.u16(1).u16(6).u8(2).text("h2").u8(2).text("h3");
    data.u16(4).u16(8).raw(Bytes{192, 0, 2, 1, 192, 0, 2, 2});
    data.u16(5).u16(3).text("ech");
    data.u16(6).u16(16).raw(Bytes(16, 0x20));
    const Bytes message = DnsMessage(1)
                              .response()
                              .question("a.example", DnsType::https)
                              .record("a.example", 65, 60, data.bytes())
                              .bytes();
    const std::vector<Read> records = read_datagram(53, 40000, message);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].all(Field::dns_hint),
              (Texts{head(1, 60, "a.example") + std::string({static_cast<char>(192), 0, 2, 1}),
                     head(1, 60, "a.example") + std::string({static_cast<char>(192), 0, 2, 2}),
                     head(28, 60, "a.example") + std::string(16, ' ')}));
    EXPECT_EQ(records[0].all(Field::dns_answer),
              Texts{head(65, 60, "a.example") + std::string({1, 0, 1, 5}) + "h2,h3" + "."});
}

TEST(Dns, ServiceRecordsMayLie) {
    const Bytes cases[] = {
        {},                                  // no priority
        {0, 1},                              // no target
        {0, 1, 0xc0, 0xff},                  // a target beyond the message
        {0, 1, 0, 0, 4, 0, 9, 1, 2, 3},      // a parameter beyond the record
        {0, 1, 0, 0, 4, 0, 3, 1, 2, 3},      // half an address
        {0, 1, 0, 0, 1, 0, 3, 9, 'h', '2'},  // a protocol name beyond its list
    };
    for (const Bytes& data : cases) {
        const Bytes message =
            DnsMessage(1).response().question("a.b", DnsType::https).record("a.b", 65, 60, data).bytes();
        for (const Read& record : read_datagram(53, 40000, message)) EXPECT_FALSE(record.has(Field::dns_hint));
    }
}

TEST(Dns, TellsWhatIsDenied) {
    const auto negative = [](const DnsMessage& message) {
        const std::vector<Read> records = read_datagram(53, 40000, message.bytes());
        return records.size() == 1 && records[0].text(Field::dns_negative) == "1";
    };
    const auto answer = [] { return DnsMessage(1).response().question("a.b", DnsType::a); };
    EXPECT_TRUE(negative(answer().rcode(3)));
    EXPECT_FALSE(negative(answer()));
    EXPECT_FALSE(negative(answer().answer("a.b", "192.0.2.1", 60)));
    // A SOA record in the authority section.
    Bytes denied = answer().record("b", 6, 60, Bytes(22, 0)).bytes();
    denied[7] = 0;
    denied[9] = 1;
    const std::vector<Read> records = read_datagram(53, 40000, denied);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].text(Field::dns_negative), "1");
}

}  // namespace
}  // namespace telltale::extract
