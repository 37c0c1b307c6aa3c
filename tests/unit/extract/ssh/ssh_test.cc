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

TEST(Ssh, ReadsIdentifications) {
    struct Case {
        const char* description;
        std::string line;
        std::string version;
        std::string software;
    };
    const Case cases[] = {
        {"with a comment", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "2.0", "OpenSSH_9.2p1 Debian-2"},
        {"a device", "SSH-2.0-dropbear_2019.78\r\n", "2.0", "dropbear_2019.78"},
        {"an old one, LF alone", "SSH-1.99-Cisco-1.25\n", "1.99", "Cisco-1.25"},
    };
    for (const Case& c : cases) {
        for (const std::size_t piece : {1U, 5U, 300U}) {
            const StreamReading reading = read_stream(in_pieces(to_bytes(c.line + "binary"), piece));
            ASSERT_EQ(reading.records.size(), 1U) << c.description << piece;
            EXPECT_EQ(reading.records[0].kind, RecordKind::ssh);
            EXPECT_EQ(reading.records[0].text(Field::protocol_version), c.version);
            EXPECT_EQ(reading.records[0].text(Field::software), c.software);
            EXPECT_EQ(reading.demand, StreamVerdict::Demand::finished) << "nothing in clear follows";
        }
    }
}

TEST(Ssh, BrokenOnes) {
    EXPECT_TRUE(read_stream({to_bytes("SSH-2.0\r\n")}).records.empty());
    EXPECT_TRUE(read_stream({to_bytes("SSH-2.0-" + std::string(400, 'x'))}).records.empty());
    EXPECT_TRUE(read_stream({to_bytes("SSX-2.0-a\r\n")}).records.empty());
    const StreamReading cut = read_stream({to_bytes("SSH-2.0-Open")}, {.cut = true});
    ASSERT_EQ(cut.records.size(), 1U);
    EXPECT_TRUE(cut.records[0].truncated && cut.records[0].fields.empty()) << "half a name is another's";
}

}  // namespace
}  // namespace telltale::extract
