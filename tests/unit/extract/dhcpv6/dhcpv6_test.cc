// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/dhcpv6_message.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::ByteWriter;
using support::Dhcpv6Message;
using support::from_hex;

const Bytes kMac = {0x64, 0xcc, 0x2e, 1, 2, 3};

Dhcpv6Message solicit() {
    Dhcpv6Message message(1, 0x123456);
    message.client(kMac).wants({23, 24, 39}).vendor_class(311, "MSFT 5.0");
    message.option(39, ByteWriter().u8(0).u8(5).text("redmi").u8(3).text("lan").u8(0).bytes());
    return message;
}

std::vector<Read> read(const Bytes& message, bool cut = false) { return read_datagram(546, 547, message, cut); }

void expect_solicit(const std::vector<Read>& records) {
    ASSERT_EQ(records.size(), 1U);
    const Read& read = records[0];
    EXPECT_EQ(read.kind, RecordKind::dhcpv6);
    EXPECT_FALSE(read.truncated);
    EXPECT_EQ(read.text(Field::dhcp_message_type), "1");
    EXPECT_EQ(read.text(Field::dhcp_transaction), std::to_string(0x123456));
    EXPECT_EQ(read.text(Field::client_mac), std::string(kMac.begin(), kMac.end()));
    EXPECT_EQ(read.text(Field::dhcpv6_requested), std::string({23, 0, 24, 0, 39, 0}));
    EXPECT_EQ(read.text(Field::dhcp_vendor_class), "MSFT 5.0");
    EXPECT_EQ(read.text(Field::dhcp_enterprise), "311");
    EXPECT_EQ(read.text(Field::dhcp_fqdn), "redmi.lan");
}

TEST(Dhcpv6, ReadsWhoAsksAndWhatFor) {
    expect_solicit(read(solicit().bytes()));
    expect_solicit(read(solicit().relayed()));
}

// Keeps what a relay adds apart from the client, and says that a relay passed the message on.
TEST(Dhcpv6, KeepsARelaysOptionsApart) {
    const Bytes inner = solicit().bytes();
    const Bytes relays_mac = {2, 0, 0, 0, 0, 9};
    Dhcpv6Message relays(0, 0);  // of its options only
    relays.client(relays_mac).wants({17}).vendor_class(9, "relay 1.0");
    Bytes options = relays.bytes();
    options.erase(options.begin(), options.begin() + 4);
    const auto relayed = [&](std::uint8_t link, const Bytes& message) {
        ByteWriter out;
        out.u8(12).u8(0).zeros(15).u8(link).zeros(16).raw(options);
        out.u16(9).u16(static_cast<std::uint32_t>(message.size())).raw(message).raw(options);
        return out.take();
    };
    const std::vector<Read> own = read(inner);
    ASSERT_EQ(own.size(), 1U);
    EXPECT_FALSE(own[0].has(Field::dhcp_relay_ip));
    const std::vector<Read> records = read(relayed(2, relayed(1, inner)));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].text(Field::dhcp_relay_ip), std::string(15, '\0') + '\1')
        << "the one that the client speaks to";
    for (const auto& [field, value] : own[0].fields) {
        EXPECT_EQ(records[0].all(field), std::vector<std::string>{value}) << model::info(field).json_name;
    }
    EXPECT_EQ(records[0].fields.size(), own[0].fields.size() + 1);
}

TEST(Dhcpv6, ReadsAddresses) {
    ByteWriter address;
    address.u16(5).u16(24).raw(Bytes(15, 0x20)).u8(7).u32(1).u32(1);
    Dhcpv6Message reply(7, 1);
    reply.option(3, ByteWriter().u32(1).u32(0).u32(0).raw(address.bytes()).bytes());
    const std::vector<Read> records = read_datagram(547, 546, reply.bytes());
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].text(Field::dhcpv6_address), std::string(15, ' ') + '\7');
}

TEST(Dhcpv6, EveryTruncationGivesWholeValues) {
    const Bytes last = from_hex("0012 0004 706f7274");  // behind the values, and behind the relay's message
    for (Bytes whole : {solicit().bytes(), solicit().relayed()}) {
        whole.insert(whole.end(), last.begin(), last.end());
        expect_whole_values([](const Bytes& part, bool cut) { return read(part, cut); }, whole,
                            {{Field::dhcp_fqdn, "redmi.lan"}, {Field::dhcp_vendor_class, "MSFT 5.0"}},
                            {.uncut = Uncut::what_is_sound});
    }
}

TEST(Dhcpv6, RelaysInRelaysAreBounded) {
    Bytes message = solicit().bytes();
    for (int relay = 0; relay < 30; ++relay) {
        message = ByteWriter()
                      .u8(12)
                      .u8(0)
                      .zeros(32)
                      .u16(9)
                      .u16(static_cast<std::uint32_t>(message.size()))
                      .raw(message)
                      .take();
    }
    const std::vector<Read> records = read(message);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].truncated);
    EXPECT_FALSE(records[0].has(Field::dhcp_fqdn));
}

TEST(Dhcpv6, OtherMessagesAreNotIts) {
    EXPECT_TRUE(read_datagram(1000, 1001, solicit().bytes()).empty());
    EXPECT_TRUE(read({0, 1, 2, 3}).empty());
    EXPECT_TRUE(read({200, 1, 2, 3}).empty());
}

}  // namespace
}  // namespace telltale::extract
