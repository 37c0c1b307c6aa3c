// SPDX-License-Identifier: Apache-2.0
#include "tests/support/capture_writer.h"

#include <gtest/gtest.h>

#include <string>

namespace telltale::support {
namespace {

using Format = CaptureOptions::Format;

constexpr std::uint64_t kTime = 1'123'456'789;

TimedFrame five_octets() {
    TimedFrame frame;
    frame.time_ns = kTime;
    frame.bytes = {0xa, 0xb, 0xc, 0xd, 0xe};
    frame.wire_length = 9;
    return frame;
}

struct FormatCase {
    std::string description;
    CaptureOptions options;
    std::string hex;
};

TEST(CaptureWriter, WritesEveryFormatOctetByOctet) {
    const std::string section = "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000";
    const FormatCase cases[] = {
        {"pcap, microseconds, little endian",
         {},
         "d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000 01000000 40e20100 05000000 09000000 0a0b0c0d0e"},
        {"pcap, nanoseconds, big endian, snapped",
         {.link = LinkType::raw, .nanoseconds = true, .big_endian = true, .snap_length = 3},
         "a1b23c4d 0002 0004 00000000 00000000 00000003 00000065 00000001 075bcd15 00000003 00000009 0a0b0c"},
        {"pcapng, microseconds, little endian",
         {.format = Format::pcapng},
         section + "01000000 20000000 0100 0000 00000400 0900 0100 06000000 00000000 20000000" +
             "06000000 28000000 00000000 00000000 80241100 05000000 09000000 0a0b0c0d0e000000 28000000"},
        {"pcapng, nanoseconds, big endian",
         {.format = Format::pcapng, .link = LinkType::linux_sll2, .nanoseconds = true, .big_endian = true},
         "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
         "00000001 00000020 0114 0000 00040000 0009 0001 09000000 00000000 00000020"
         "00000006 00000028 00000000 00000000 42f69715 00000005 00000009 0a0b0c0d0e000000 00000028"},
    };
    for (const FormatCase& test : cases) {
        const std::string written = capture_bytes(std::vector<TimedFrame>{five_octets()}, test.options);
        EXPECT_EQ(to_bytes(written), from_hex(test.hex)) << test.description;
    }
}

TEST(CaptureWriter, SortsByTimeAndKeepsTheOrderOfEqualTimes) {
    std::vector<TimedFrame> frames(3);
    frames[0].time_ns = 2'000'000'000;
    frames[0].bytes = {1};
    frames[1].bytes = {2};
    frames[2].bytes = {3};
    const std::string written = capture_bytes(frames);
    ASSERT_EQ(written.size(), 24U + 3 * 17);
    EXPECT_EQ(written[24 + 16], 2);
    EXPECT_EQ(written[24 + 17 + 16], 3);
    EXPECT_EQ(written[24 + 34 + 16], 1);
}

TEST(CaptureWriter, NamesTheFileThatCannotBeWritten) {
    try {
        write_capture_file("/nonexistent/x.pcap", std::vector<TimedFrame>{});
        FAIL() << "no error";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("/nonexistent/x.pcap"), std::string::npos);
    }
}

}  // namespace
}  // namespace telltale::support
