// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/dhcp_message.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::DhcpMessage;
using support::DhcpType;

constexpr std::size_t kOptions = 240;  // where options start: fixed part and magic cookie
constexpr std::size_t kServerName = 44, kFile = 108;

std::string octets(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) out += static_cast<char>(value);
    return out;
}

DhcpMessage request() {
    return DhcpMessage(DhcpType::request, 0x01020304, "02:00:00:00:00:05")
        .client_id()
        .requested_address("10.0.0.9")
        .server_id("10.0.0.1")
        .vendor_class("android-dhcp-13")
        .host_name("Pixel-7")
        .fqdn("pixel.example")
        .parameter_list(Bytes{1, 3, 6, 15, 26, 28, 51, 58, 59, 43});
}

std::vector<Read> from_client(const Bytes& message, bool cut = false) { return read_datagram(68, 67, message, cut); }

// A client's message with these octets as its options.
Bytes with_options(const Bytes& options) {
    Bytes message = DhcpMessage(DhcpType::discover, 1, "02:00:00:00:00:05").bytes();
    message.resize(kOptions);
    message.insert(message.end(), options.begin(), options.end());
    return message;
}

TEST(Dhcp, ReadsAClientsMessage) {
    const std::vector<Read> records = from_client(request().bytes());
    ASSERT_EQ(records.size(), 1U);
    const Read& read = records[0];
    EXPECT_EQ(read.kind, RecordKind::dhcp);
    EXPECT_FALSE(read.truncated);
    EXPECT_EQ(read.text(Field::operation), "1");
    EXPECT_EQ(read.text(Field::dhcp_message_type), "3");
    EXPECT_EQ(read.text(Field::dhcp_transaction), std::to_string(0x01020304));
    EXPECT_EQ(read.text(Field::client_mac), octets({2, 0, 0, 0, 0, 5}));
    EXPECT_EQ(read.text(Field::dhcp_requested_ip), octets({10, 0, 0, 9}));
    EXPECT_EQ(read.text(Field::dhcp_server_ip), octets({10, 0, 0, 1}));
    EXPECT_EQ(read.text(Field::dhcp_parameters), octets({1, 3, 6, 15, 26, 28, 51, 58, 59, 43}));
    EXPECT_EQ(read.text(Field::dhcp_vendor_class), "android-dhcp-13");
    EXPECT_EQ(read.text(Field::dhcp_host_name), "Pixel-7");
    EXPECT_EQ(read.text(Field::dhcp_fqdn), "pixel.example");
    EXPECT_EQ(read.text(Field::dhcp_client_id), octets({1, 2, 0, 0, 0, 0, 5}));
    EXPECT_FALSE(read.has(Field::dhcp_given_ip));
}

TEST(Dhcp, ReadsAServersMessage) {
    const Bytes message = DhcpMessage(DhcpType::ack, 7, "02:00:00:00:00:05").reply().your_address("10.0.0.9").bytes();
    const std::vector<Read> records = read_datagram(67, 68, message);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].text(Field::operation), "2");
    EXPECT_EQ(records[0].text(Field::dhcp_message_type), "5");
    EXPECT_EQ(records[0].text(Field::dhcp_given_ip), octets({10, 0, 0, 9}));
    EXPECT_EQ(records[0].text(Field::client_mac), octets({2, 0, 0, 0, 0, 5}));
}

TEST(Dhcp, Options) {
    struct Case {
        const char* description;
        Bytes options;
        Field field;
        std::string value;
        bool truncated;
    };
    const Case cases[] = {
        {"padding between options", {0, 0, 12, 1, 'a', 0, 60, 1, 'v', 255}, Field::dhcp_vendor_class, "v", false},
        {"nothing counts behind the end", {255, 12, 1, 'a'}, Field::dhcp_host_name, "", false},
        {"no end", {12, 1, 'a'}, Field::dhcp_host_name, "a", false},
        {"split over two (RFC 3396)",
         {55, 2, 1, 3, 12, 1, 'a', 55, 2, 6, 15, 255},
         Field::dhcp_parameters,
         octets({1, 3, 6, 15}),
         false},
        {"a terminating zero", {12, 3, 'a', 'b', 0, 255}, Field::dhcp_host_name, "ab", false},
        {"an empty value", {12, 0, 60, 1, 'v', 255}, Field::dhcp_host_name, "", false},
        {"an address of the wrong length", {50, 3, 1, 2, 3, 255}, Field::dhcp_requested_ip, "", false},
        {"a domain name as labels", {81, 8, 4, 0, 0, 1, 'h', 1, 'd', 0, 255}, Field::dhcp_fqdn, "h.d", false},
        {"a domain name that is cut", {81, 2, 0, 0, 255}, Field::dhcp_fqdn, "", false},
        {"an option that does not fit", {12, 1, 'a', 60, 9, 'v'}, Field::dhcp_host_name, "a", true},
        {"a code without its length", {12, 1, 'a', 60}, Field::dhcp_host_name, "a", true},
    };
    for (const Case& c : cases) {
        const std::vector<Read> records = from_client(with_options(c.options));
        ASSERT_EQ(records.size(), 1U) << c.description;
        EXPECT_EQ(records[0].text(c.field), c.value) << c.description;
        EXPECT_EQ(records[0].truncated, c.truncated) << c.description;
    }
}

TEST(Dhcp, OverloadedFieldsContinueTheOptions) {
    struct Case {
        std::uint8_t overload;
        std::string parameters, host;
    };
    const Case cases[] = {
        {1, octets({1, 3}), ""}, {2, octets({1}), "a"}, {3, octets({1, 3}), "a"}, {0, octets({1}), ""}};
    for (const Case& c : cases) {
        Bytes message = with_options({55, 1, 1, 52, 1, c.overload, 255});
        const Bytes file = {55, 1, 3, 255}, server_name = {12, 1, 'a', 255};
        std::copy(file.begin(), file.end(), message.begin() + kFile);
        std::copy(server_name.begin(), server_name.end(), message.begin() + kServerName);
        const std::vector<Read> records = from_client(message);
        ASSERT_EQ(records.size(), 1U);
        EXPECT_EQ(records[0].text(Field::dhcp_parameters), c.parameters) << int{c.overload};
        EXPECT_EQ(records[0].text(Field::dhcp_host_name), c.host) << int{c.overload};
    }
}

TEST(Dhcp, BootpWithoutOptions) {
    Bytes message = with_options({});
    message[kOptions - 1] ^= 1;  // another cookie
    const std::vector<Read> records = from_client(message);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_FALSE(records[0].has(Field::dhcp_message_type));
    EXPECT_EQ(records[0].text(Field::client_mac), octets({2, 0, 0, 0, 0, 5}));
}

TEST(Dhcp, OtherHardwareHasNoMac) {
    Bytes message = with_options({255});
    message[2] = 8;
    EXPECT_FALSE(from_client(message).at(0).has(Field::client_mac));
    message[2] = 6;
    message[1] = 32;  // InfiniBand
    EXPECT_FALSE(from_client(message).at(0).has(Field::client_mac));
}

TEST(Dhcp, NotDhcp) {
    EXPECT_TRUE(read_datagram(1000, 2000, request().bytes()).empty());
    EXPECT_TRUE(from_client(Bytes(300)).empty());
    EXPECT_TRUE(from_client({1, 1, 6}).empty());
}

TEST(Dhcp, APrefixNeverGivesAWrongValue) {
    const Bytes message = request().bytes();
    const Read whole = from_client(message).at(0);
    for (std::size_t size = 1; size < message.size(); ++size) {
        const Bytes prefix(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
        for (const bool cut : {true, false}) {
            for (const Read& read : from_client(prefix, cut)) {
                for (const auto& [field, value] : read.fields) {
                    const std::string all = whole.text(field);
                    ASSERT_EQ(value, field == Field::dhcp_options ? all.substr(0, value.size()) : all) << size;
                }
            }
        }
        ASSERT_EQ(from_client(prefix, true).size(), size >= 44 ? 1U : 0U) << size;
    }
}

TEST(Dhcp, SplitOptionsAreBounded) {
    Bytes options;
    for (int i = 0; i < 200; ++i) {
        options.insert(options.end(), {12, 200});
        options.insert(options.end(), 200, 'a');
    }
    const std::vector<Read> records = from_client(with_options(options));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].text(Field::dhcp_host_name), std::string(512, 'a'));
    EXPECT_TRUE(records[0].truncated);
}

}  // namespace
}  // namespace telltale::extract
