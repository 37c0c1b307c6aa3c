// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tcp_conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace telltale::support {
namespace {

// A frame read by a way of its own: Ethernet, IPv4 without options, TCP.
struct Segment {
    Side side;
    std::uint64_t time_ns;
    std::uint32_t seq, ack;
    std::uint8_t flags;
    Bytes payload;
};

std::uint32_t u32_at(const Bytes& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes.at(at + i);
    return value;
}

Segment read(const TimedFrame& frame) {
    const std::size_t header = static_cast<std::size_t>(frame.bytes.at(46) >> 4) * 4;
    return {frame.side,
            frame.time_ns,
            u32_at(frame.bytes, 38),
            u32_at(frame.bytes, 42),
            frame.bytes.at(47),
            Bytes(frame.bytes.begin() + static_cast<std::ptrdiff_t>(34 + header), frame.bytes.end())};
}

class TcpConversationTest : public testing::Test {
  protected:
    TcpConversation open(TcpStyle style = TcpStyle::linux_like) {
        const TcpEnd client{"02:00:00:00:00:01", "192.0.2.1", 40000, style, 64};
        const TcpEnd server{"02:00:00:00:00:02", "192.0.2.2", 443, style, 50};
        return TcpConversation([this](TimedFrame&& frame) { segments_.push_back(read(frame)); }, client, server,
                               1'000'000'000, random_);
    }

    // The bytes as a receiver puts them together, by sequence number.
    Bytes stream(Side side) const {
        std::map<std::uint32_t, Bytes> parts;
        std::uint32_t origin = 0;
        for (const Segment& segment : segments_) {
            if (segment.side != side) continue;
            if ((segment.flags & 2) != 0) origin = segment.seq + 1;
            if (!segment.payload.empty()) parts[segment.seq - origin] = segment.payload;
        }
        Bytes all;
        for (const auto& [offset, bytes] : parts) {
            EXPECT_EQ(offset, all.size()) << "a hole or an overlap";
            all = std::move(all) + bytes;
        }
        return all;
    }

    Random random_{9};
    std::vector<Segment> segments_;
};

TEST_F(TcpConversationTest, CarriesBothStreamsWhole) {
    for (const TcpStyle style : {TcpStyle::linux_like, TcpStyle::apple, TcpStyle::windows, TcpStyle::embedded}) {
        segments_.clear();
        const Bytes up = random_.bytes(20'011);
        const Bytes down = random_.bytes(45'003);
        open(style)
            .handshake()
            .client_sends(up)
            .server_sends(down)
            .retransmit_next()
            .reorder_next()
            .client_sends(up)
            .close();
        EXPECT_EQ(stream(Side::client), Bytes(up) + up);
        EXPECT_EQ(stream(Side::server), down);
    }
}

TEST_F(TcpConversationTest, AcknowledgesOnlyWhatWasSeenAndAllInTheEnd) {
    open()
        .handshake()
        .client_sends(random_.bytes(9000))
        .server_sends(random_.bytes(30'000))
        .wait(5)
        .close(Side::server);
    std::map<Side, std::uint32_t> next, acked;
    std::uint64_t time_ns = 0;
    for (const Segment& segment : segments_) {
        EXPECT_GE(segment.time_ns, time_ns);
        time_ns = segment.time_ns;
        const bool control = (segment.flags & 3) != 0;
        next[segment.side] = segment.seq + static_cast<std::uint32_t>(segment.payload.size()) + (control ? 1 : 0);
        const Side peer = segment.side == Side::client ? Side::server : Side::client;
        if ((segment.flags & 0x10) == 0) continue;
        const auto before = acked.try_emplace(segment.side, segment.ack).first->second;
        EXPECT_LE(segment.ack - before, 1U << 31) << "an acknowledgement went back";
        EXPECT_LE(next[peer] - segment.ack, 1U << 31) << "acknowledged before it was sent";
        acked[segment.side] = segment.ack;
    }
    EXPECT_EQ(acked[Side::client], next[Side::server]);
    EXPECT_EQ(acked[Side::server], next[Side::client]);
}

TEST_F(TcpConversationTest, SplitsWhereAsked) {
    const std::size_t splits[] = {10, 11};
    open().mss(100).client_sends(random_.bytes(250), splits);
    std::vector<std::size_t> sizes;
    for (const Segment& segment : segments_) sizes.push_back(segment.payload.size());
    std::erase(sizes, 0U);
    EXPECT_THAT(sizes, testing::ElementsAre(10, 1, 100, 100, 39));
}

TEST_F(TcpConversationTest, RetransmitsTheLastAndReordersTheFirst) {
    open().mss(100).retransmit_next().reorder_next().client_sends(random_.bytes(300));
    std::erase_if(segments_, [](const Segment& segment) { return segment.payload.empty(); });
    ASSERT_EQ(segments_.size(), 4U);
    EXPECT_EQ(segments_[0].seq, segments_[1].seq + 100);
    EXPECT_EQ(segments_[2].seq, segments_[3].seq);
    EXPECT_EQ(segments_[2].payload, segments_[3].payload);
}

TEST_F(TcpConversationTest, EndsWithReset) {
    open().handshake().reset(Side::server);
    EXPECT_EQ(segments_.back().flags, 0x14);
    EXPECT_EQ(segments_.back().side, Side::server);
}

}  // namespace
}  // namespace telltale::support
