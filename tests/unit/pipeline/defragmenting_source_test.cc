// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/defragmenting_source.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/pipeline/frame_list.h"

namespace telltale::pipeline {
namespace {

using capture::PollStatus;
using support::Bytes;
using support::Packet;

Packet ip(std::uint16_t id, std::uint64_t second = 0) {
    return Packet()
        .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
        .ipv4("10.0.0.1", "192.0.2.7")
        .ip_id(id)
        .at(second * 1'000'000'000);
}

struct Seen {
    model::Order order;
    bool reassembled;
    std::int64_t clock_ns;
    Bytes bytes;
};

// Reads everything, and checks that batches are polled and released as the contract says.
std::vector<Seen> read_all(DefragmentingSource& source) {
    std::vector<Seen> all;
    model::FrameBatch batch;
    while (source.poll(batch) == PollStatus::frames) {
        EXPECT_GT(batch.count, 0U);
        EXPECT_LE(batch.count, model::kBatchFrames);
        for (std::size_t i = 0; i < batch.count; ++i) {
            const model::Frame& frame = batch.frames[i];
            EXPECT_EQ(base::floor_to(frame.timestamp_ns, base::kSecondNs), batch.clock_ns);
            if (!all.empty()) {
                EXPECT_LT(all.back().order, frame.order);
                EXPECT_LE(all.back().clock_ns, batch.clock_ns);
            }
            all.push_back({frame.order, frame.reassembled, batch.clock_ns,
                           Bytes(frame.data, frame.data + frame.captured_length)});
        }
        source.release(batch);
        EXPECT_EQ(batch.count, 0U);
    }
    return all;
}

const decode::DefragmenterConfig kConfig{{1, 2}};

TEST(DefragmentingSource, PassesOtherFramesOn) {
    std::vector<Packet> packets;
    for (std::uint16_t i = 0; i < 100; ++i) packets.push_back(ip(i, i / 10U).udp(1000, 2000).payload("abc"));
    FrameList list(packets);
    DefragmentingSource source(list, kConfig);
    const std::vector<Seen> seen = read_all(source);
    ASSERT_EQ(seen.size(), packets.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
        EXPECT_EQ(seen[i].order, model::Order::of_frame(i + 1));
        EXPECT_EQ(seen[i].bytes, packets[i].bytes());
        EXPECT_FALSE(seen[i].reassembled);
    }
    EXPECT_EQ(list.releases, list.polls - 1) << "every batch but the end";
    EXPECT_EQ(list.released_frames, packets.size());
}

TEST(DefragmentingSource, PutsTheDatagramRightBehindItsLastFragment) {
    const Bytes payload(40, 'x');
    // Fragments end at every place of a batch, the last included.
    for (std::size_t before = 0; before < 2 * model::kBatchFrames; ++before) {
        SCOPED_TRACE(before);
        std::vector<Packet> packets(before, ip(1).udp(1000, 2000).payload("abc"));
        for (const Packet& packet : ipv4_fragments(ip(7), 17, payload, 24)) packets.push_back(packet);
        for (int i = 0; i < 40; ++i) packets.push_back(ip(1).udp(1000, 2000).payload("abc"));
        FrameList list(packets);
        DefragmentingSource source(list, kConfig);
        const std::vector<Seen> seen = read_all(source);
        ASSERT_EQ(seen.size(), packets.size() + 1);
        for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i].reassembled, i == before + 2);
        EXPECT_EQ(seen[before + 2].order, seen[before + 1].order.reassembled());
        EXPECT_EQ(seen[before + 2].bytes, ip(7).ip_protocol(17).payload(payload).bytes());
        EXPECT_EQ(list.released_frames, packets.size());
    }
}

TEST(DefragmentingSource, TakesABatchOfCompletingFragments) {
    std::vector<Packet> packets;
    for (const bool last : {false, true}) {
        for (std::uint16_t id = 0; id < 48; ++id) {
            packets.push_back(ipv4_fragments(ip(id), 17, Bytes(40, static_cast<std::uint8_t>(id)), 24)[last ? 1 : 0]);
        }
    }
    FrameList list(packets);
    DefragmentingSource source(list, kConfig);
    const std::vector<Seen> seen = read_all(source);
    ASSERT_EQ(seen.size(), 48U * 3);
    for (std::uint16_t id = 0; id < 48; ++id) {
        const Seen& whole = seen[48U + 2U * id + 1];
        EXPECT_TRUE(whole.reassembled);
        EXPECT_EQ(whole.bytes, ip(id).ip_protocol(17).payload(Bytes(40, static_cast<std::uint8_t>(id))).bytes());
    }
    EXPECT_EQ(source.counters().datagrams_completed, 48U);
    EXPECT_EQ(source.counters().fragments_without_room, 0U);
}

TEST(DefragmentingSource, KeepsTheClockOfItsFrames) {
    std::vector<Packet> packets = ipv4_fragments(ip(7, 1), 17, Bytes(24, 'x'), 16);
    packets[1] = Packet(packets[1]).at(2'500'000'000);
    packets.push_back(ip(8, 3).udp(1, 2));
    FrameList list(packets);
    DefragmentingSource source(list, kConfig);
    const std::vector<Seen> seen = read_all(source);
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_TRUE(seen[2].reassembled);
    EXPECT_EQ(seen[2].clock_ns, 2'000'000'000);
}

TEST(DefragmentingSource, GivesBackWhatWasNotReadToItsEnd) {
    FrameList list(ipv4_fragments(ip(7), 17, Bytes(24 * 40, 'x'), 24));
    {
        DefragmentingSource source(list, kConfig);
        model::FrameBatch batch;
        EXPECT_EQ(source.poll(batch), PollStatus::frames);
        source.release(batch);
    }
    EXPECT_EQ(list.polls, 1U);
    EXPECT_EQ(list.releases, 1U);
}

}  // namespace
}  // namespace telltale::pipeline
