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
using support::to_bytes;

const std::string kClient =
    "<?xml version='1.0'?>\n<stream:stream to='xmpp.example.com' version=\"1.0\" xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>";

TEST(Xmpp, ReadsStreamHeaders) {
    for (const std::string& header : {kClient, kClient.substr(kClient.find('\n') + 1)}) {
        for (const std::size_t piece : {1U, 20U, 500U}) {
            const StreamReading reading = read_stream(in_pieces(to_bytes(header), piece), {.destination_port = 5222});
            ASSERT_EQ(reading.records.size(), 1U) << piece;
            EXPECT_EQ(reading.records[0].kind, RecordKind::xmpp);
            EXPECT_EQ(reading.records[0].text(Field::service_name), "xmpp.example.com");
            EXPECT_EQ(reading.records[0].text(Field::xml_namespace), "jabber:client");
            EXPECT_TRUE(reading.named);
        }
    }
    const StreamReading server = read_stream({to_bytes("<stream:stream from=\"a.example\" id='1'>")});
    ASSERT_EQ(server.records.size(), 1U);
    EXPECT_EQ(server.records[0].text(Field::sender_name), "a.example");
    EXPECT_FALSE(server.named);
}

TEST(Xmpp, AUserIsNoServer) {
    const StreamReading reading = read_stream({to_bytes("<stream:stream to='joe@xmpp.example.com'>")});
    ASSERT_EQ(reading.records.size(), 1U);
    EXPECT_FALSE(reading.records[0].has(Field::service_name));
    EXPECT_FALSE(reading.named);
}

TEST(Xmpp, TlsFollows) {
    const StreamReading reading =
        read_stream({to_bytes(kClient), to_bytes("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")});
    EXPECT_EQ(reading.records.size(), 1U);
    EXPECT_NE(reading.demand, StreamVerdict::Demand::finished) << "the hello is still to come";
}

TEST(Xmpp, EveryTruncationGivesWholeValues) {
    expect_whole_values(
        tcp(), to_bytes(kClient), {{Field::service_name, "xmpp.example.com"}},
        {.and_also = [](const Read& record, std::size_t size) { EXPECT_TRUE(record.truncated) << size; }});
}

TEST(Xmpp, OtherXmlIsNotIts) {
    EXPECT_TRUE(read_stream({to_bytes("<?xml version='1.0'?><html>")}).records.empty());
    EXPECT_TRUE(read_stream({to_bytes("<stream:stream to='" + std::string(5000, 'x'))}).records.empty());
    EXPECT_TRUE(read_stream({to_bytes("<?xml " + std::string(5000, 'x'))}).records.empty());
}

}  // namespace
}  // namespace telltale::extract
