// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/extract/reading.h"

namespace telltale::extract {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::to_bytes;

const std::string kNotify =
    "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nServer: ipos/7.0 UPnP/1.0 TL-WDR3600/1.0\r\n"
    "NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN:uuid:1::upnp:rootdevice\r\nLOCATION:\thttp://192.168.1.1:1900/d.xml "
    "\r\n\r\n";

TEST(Ssdp, ReadsMessages) {
    struct Case {
        const char* description;
        std::string message;
        Field field;
        std::string expected;
    };
    const Case cases[] = {
        {"an announcement", kNotify, Field::ssdp_server, "ipos/7.0 UPnP/1.0 TL-WDR3600/1.0"},
        {"its type", kNotify, Field::ssdp_notification_type, "upnp:rootdevice"},
        {"what it announces", kNotify, Field::ssdp_notification, "ssdp:alive"},
        {"without space", kNotify, Field::ssdp_usn, "uuid:1::upnp:rootdevice"},
        {"with more space", kNotify, Field::ssdp_location, "http://192.168.1.1:1900/d.xml"},
        {"the method", kNotify, Field::method, "NOTIFY"},
        {"a search", "M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\nUSER-AGENT: Google Chrome/99 Windows\r\n\r\n",
         Field::user_agent, "Google Chrome/99 Windows"},
        {"an answer", "HTTP/1.1 200 OK\r\nST: x\r\nSERVER: Linux UPnP/1.0 Sonos/57\r\n\r\n", Field::ssdp_server,
         "Linux UPnP/1.0 Sonos/57"},
        {"lines that end with LF", "NOTIFY * HTTP/1.1\nserver: a\n\n", Field::ssdp_server, "a"},
        {"without an empty line", "NOTIFY * HTTP/1.1\r\nserver: a", Field::ssdp_server, "a"},
        {"the first of two", "NOTIFY * HTTP/1.1\r\nserver: a\r\nSERVER: b\r\n\r\n", Field::ssdp_server, "a"},
        {"nothing of the body", "NOTIFY * HTTP/1.1\r\n\r\nserver: a\r\n", Field::ssdp_server, ""},
        {"an empty value", "NOTIFY * HTTP/1.1\r\nserver: \r\n\r\n", Field::ssdp_server, ""},
    };
    for (const Case& c : cases) {
        const std::vector<Read> records = read_datagram(50000, 1900, to_bytes(c.message));
        ASSERT_EQ(records.size(), 1U) << c.description;
        EXPECT_EQ(records[0].kind, RecordKind::ssdp);
        EXPECT_EQ(records[0].text(c.field), c.expected) << c.description;
    }
}

TEST(Ssdp, EveryTruncationGivesWholeValues) {
    expect_whole_values(udp(50000, 1900), to_bytes(kNotify), {{Field::ssdp_server, "ipos/7.0 UPnP/1.0 TL-WDR3600/1.0"}},
                        {.uncut = Uncut::shorter_values});
}

TEST(Ssdp, OtherTextIsNotIts) {
    EXPECT_TRUE(read_datagram(50000, 1900, to_bytes("NOTIFYING * HTTP/1.1\r\n\r\n")).empty());
    EXPECT_TRUE(read_datagram(50000, 1900, to_bytes("OPTIONS sip:nm SIP/2.0\r\n\r\n")).empty());
}

TEST(Ssdp, LongValuesAreCut) {
    const auto records =
        read_datagram(1, 1900, to_bytes("NOTIFY * HTTP/1.1\r\nSERVER: " + std::string(5000, 'a') + "\r\n\r\n"));
    ASSERT_EQ(records.size(), 1U);
    EXPECT_TRUE(records[0].truncated);
    EXPECT_EQ(records[0].text(Field::ssdp_server).size(), 512U);
}

}  // namespace
}  // namespace telltale::extract
