// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/device_messages.h"
#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::from_hex;

TEST(Mqtt, ReadsConnect) {
    for (const auto version : {std::uint8_t{3}, std::uint8_t{4}, std::uint8_t{5}}) {
        const Bytes message = support::mqtt_connect("sensor-7", "user-1", version);
        for (std::size_t at = 1; at < message.size(); ++at) {
            const StreamReading reading = read_stream(in_two(message, at), {.destination_port = 1883});
            ASSERT_EQ(reading.records.size(), 1U) << int{version} << " at " << at;
            EXPECT_EQ(reading.records[0].kind, RecordKind::mqtt);
            EXPECT_EQ(reading.records[0].text(Field::client_identifier), "sensor-7");
            EXPECT_EQ(reading.records[0].text(Field::user_name), "user-1");
            EXPECT_EQ(reading.records[0].text(Field::operation), std::to_string(version));
            EXPECT_EQ(reading.records[0].fields.size(), 3U) << "nothing of the password or the will";
        }
    }
    const StreamReading plain = read_stream({support::mqtt_connect("c", "")});
    ASSERT_EQ(plain.records.size(), 1U);
    EXPECT_FALSE(plain.records[0].has(Field::user_name));
}

// MQTT itself does not name the broker: Azure IoT Hub has its clients write it into the user name. Any other user name
// is nobody's destination.
TEST(Mqtt, NamesTheBrokerOnlyWhereADocumentedFormHasIt) {
    const auto reading_of = [](const Bytes& message) {
        StreamReading reading = read_stream({message}, {.destination_port = 1883});
        EXPECT_EQ(reading.records.size(), 1U);
        reading.records.resize(1);
        return reading;
    };
    const struct {
        const char* user;
        const char* server;
    } users[] = {
        {"hub-1.azure-devices.net/sensor-7/?api-version=2021-04-12", "hub-1.azure-devices.net"},
        {"hub-1.azure-devices.net/sensor-7/module-1/?api-version=2021-04-12", "hub-1.azure-devices.net"},
        {"hub-1.azure-devices.net", ""},
        {"hub-1.azure-devices.net/?api-version=2021-04-12", ""},
        {"hub-1/sensor-7/?api-version=2021-04-12", ""},
        {"a user@hub.example/sensor-7/?api-version=2021-04-12", ""},
        {"0ne000AAAAA/registrations/sensor-7/api-version=2019-03-31", ""},
        {"john.doe/phone", ""},
        {"john.doe/phone?api-version=1", ""},
        {"user-1", ""},
        {"home/user", ""},
        {"a user.of/mine", ""},
        {"/?api-version=1", ""},
    };
    for (const auto& one : users) {
        const StreamReading reading = reading_of(support::mqtt_connect("c", one.user));
        EXPECT_EQ(reading.records[0].text(Field::service_name), one.server) << one.user;
        EXPECT_EQ(reading.records[0].text(Field::user_name), one.user);
        EXPECT_EQ(reading.named, *one.server != '\0') << one.user;
    }
    // Version 5, properties: session expiry, receive maximum, user properties a=b and host=broker.example.com.
    const StreamReading with_property =
        reading_of(from_hex("103a 0004 4d515454 05 02 003c 2a 1100000e10 210010 26 0001 61 0001 62"
                            "26 0004 686f7374 0012 62726f6b65722e6578616d706c652e636f6d 0003 632d31"));
    EXPECT_FALSE(with_property.records[0].has(Field::service_name)) << "a user property means what its writer likes";
    EXPECT_EQ(with_property.records[0].text(Field::client_identifier), "c-1");
}

TEST(Mqtt, EveryTruncationGivesWholeValues) {
    expect_whole_values(tcp(), support::mqtt_connect("sensor-7", "user-1", 5), {{Field::client_identifier, "sensor-7"}},
                        {.and_also = [](const Read& record, std::size_t size) {
                            EXPECT_TRUE(record.truncated || record.has(Field::user_name)) << size;
                        }});
}

TEST(Mqtt, BrokenOnes) {
    EXPECT_TRUE(read_stream({from_hex("10ffffffffff01")}).records.empty()) << "an endless length";
    EXPECT_TRUE(read_stream({from_hex("1008 0004 4d515454 0402")}).records.empty()) << "cut inside";
    EXPECT_TRUE(read_stream({from_hex("100c 0004 484f4c41 0402 003c 0000")}).records.empty()) << "another name";
    Bytes lying = support::mqtt_connect("sensor-7", "");
    lying[13] = 200;
    EXPECT_TRUE(read_stream({lying}).records.empty()) << "a client id beyond the message";
}

}  // namespace
}  // namespace telltale::extract
