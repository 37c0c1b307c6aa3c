// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/netbios_name.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::ByteWriter;
using support::netbios_message;
using support::netbios_name;

using Texts = std::vector<std::string>;

std::vector<Read> read(const Bytes& message, bool cut = false) { return read_datagram(137, 137, message, cut); }

TEST(Nbns, ReadsWhatIsAskedAndRegistered) {
    const std::vector<Read> query = read(netbios_message("WORKGROUP", 0x1d));
    ASSERT_EQ(query.size(), 1U);
    EXPECT_EQ(query[0].kind, RecordKind::nbns);
    EXPECT_EQ(query[0].all(Field::names), Texts{"WORKGROUP"});
    EXPECT_EQ(query[0].text(Field::netbios_suffix), "\x1d");
    EXPECT_EQ(query[0].text(Field::dns_response), "0");

    const std::vector<Read> registration = read(netbios_message("REDMI", 0, {10, 0, 0, 7}));
    ASSERT_EQ(registration.size(), 1U);
    EXPECT_EQ(registration[0].text(Field::dns_opcode), "5");
    EXPECT_EQ(registration[0].all(Field::names), Texts{"REDMI"}) << "the record points to the question's name";
    EXPECT_EQ(registration[0].text(Field::netbios_address), std::string({10, 0, 0, 7}));
}

TEST(Nbns, ReadsWhatANodeIsCalled) {
    ByteWriter out;
    out.u16(1).u16(0x8400).u16(0).u16(1).u16(0).u16(0).raw(netbios_name("*", 0)).u16(0x21).u16(1).u32(0).u16(37).u8(2);
    for (const char* name : {"OFFICE-PC      ", "OFFICE         "}) out.text(name).u8(0x20).u16(0x0400);
    const std::vector<Read> records = read(out.bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].all(Field::names), (Texts{"*", "OFFICE-PC", "OFFICE"}));
}

// RFC 1002 section 4.2.15: the records of a redirect are of the name servers, one with a name that is not encoded.
TEST(Nbns, ARedirectNamesNobody) {
    ByteWriter out;
    out.u16(1).u16(0x8400).u16(0).u16(0).u16(1).u16(1);
    out.raw(netbios_name("REDMI", 0)).u16(2).u16(1).u32(0).u16(6).u8(4).text("wins").u8(0);
    out.u8(4).text("wins").u8(0).u16(1).u16(1).u32(0).u16(4).raw(Bytes{10, 0, 0, 1});
    const std::vector<Read> records = read(out.bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_FALSE(records[0].truncated);
    EXPECT_FALSE(records[0].has(Field::names));
    EXPECT_FALSE(records[0].has(Field::netbios_address));
}

TEST(Nbns, EveryTruncationGivesWhatIsThereOrNothing) {
    expect_whole_values([](const Bytes& part, bool cut) { return read(part, cut); },
                        netbios_message("REDMI", 0, {10, 0, 0, 7}), {{Field::names, "REDMI"}},
                        {.uncut = Uncut::what_is_sound, .and_also = [](const Read& record, std::size_t size) {
                             EXPECT_TRUE(record.truncated) << size;
                             EXPECT_LE(record.all(Field::names).size(), 1U) << size;
                         }});
}

TEST(Nbns, BadNames) {
    struct Case {
        const char* description;
        std::size_t at;
        std::uint8_t octet;
    };
    const Case cases[] = {
        {"a label of another length", 12, 31},
        {"a letter before A", 13, '@'},
        {"a letter behind P", 14, 'Q'},
        {"a reserved label type", 12, 0x80},
    };
    for (const Case& c : cases) {
        Bytes message = netbios_message("REDMI", 0);
        message[c.at] = c.octet;
        EXPECT_TRUE(read(message).empty()) << c.description;
    }
    EXPECT_TRUE(read_datagram(1000, 1001, netbios_message("REDMI", 0)).empty()) << "another port";
}

TEST(Nbns, NamesAreBounded) {
    ByteWriter out;
    out.u16(1).u16(0x8400).u16(0).u16(1).u16(0).u16(0).raw(netbios_name("*", 0)).u16(0x21).u16(1).u32(0);
    out.u16(1 + 255 * 18).u8(255);
    for (int i = 0; i < 255; ++i) out.text("NAME           ").u8(0).u16(0);
    const std::vector<Read> records = read(out.bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].truncated);
    EXPECT_EQ(records[0].all(Field::names).size(), 64U);
}

}  // namespace
}  // namespace telltale::extract
