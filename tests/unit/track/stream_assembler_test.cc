// SPDX-License-Identifier: Apache-2.0
#include "sensor/track/stream_assembler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace telltale::track {
namespace {

using base::as_bytes;
using base::as_text;
using base::Bytes;

constexpr std::uint32_t kBase = 0xfffffff0;  // wraps around within the first bytes

std::string message_of(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 23);
    return text;
}

// Offers pieces of one message and keeps until it is whole, as an extractor does that needs all of it.
struct Reader {
    explicit Reader(StreamAssembler& assembler) : streams(assembler) {}

    void syn() { streams.begin(state, kBase - 1); }
    // True when the message of `size` bytes is whole.
    bool offer(std::string_view text, std::size_t at, std::size_t count, std::size_t size) {
        const Bytes bytes = streams.offer(state, kBase + static_cast<std::uint32_t>(at),
                                          as_bytes(text.substr(at, count)), static_cast<std::uint32_t>(count));
        if (bytes.empty()) return false;
        ++offers;
        got = as_text(bytes);
        if (got.size() >= size) {
            streams.stop(state);
            return true;
        }
        streams.keep(state);
        return false;
    }

    StreamAssembler& streams;
    StreamState state;
    std::string got;
    int offers = 0;
};

TEST(StreamAssembler, AMessageInOneSegmentIsNotCopied) {
    StreamAssembler streams(1, 64);
    StreamState state;
    const std::string text = "GET /";
    const Bytes bytes = streams.offer(state, 77, as_bytes(text), 5);
    EXPECT_EQ(static_cast<const void*>(bytes.data()), text.data());
    EXPECT_EQ(bytes.size(), 5U);
    EXPECT_FALSE(state.cut);
    streams.consume_all(state);
    EXPECT_EQ(as_text(streams.offer(state, 82, as_bytes("HEAD"), 4)), "HEAD") << "the next message";
    streams.stop(state);
    EXPECT_TRUE(streams.offer(state, 86, as_bytes("x"), 1).empty());
    EXPECT_EQ(streams.counters().messages_buffered, 0U);
}

TEST(StreamAssembler, EverySplitPointInEveryOrder) {
    const std::string text = message_of(60);
    StreamAssembler streams(1, 64);
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        for (std::size_t cut2 = cut; cut2 < text.size(); ++cut2) {
            std::vector<std::pair<std::size_t, std::size_t>> parts = {{0, cut}, {cut, cut2 - cut}, {cut2, 60 - cut2}};
            if (cut == cut2) parts.erase(parts.begin() + 1);
            std::sort(parts.begin(), parts.end());
            do {
                Reader reader(streams);
                reader.syn();
                bool whole = false;
                for (const auto& [at, count] : parts) {
                    EXPECT_FALSE(whole);
                    whole = reader.offer(text, at, count, text.size());
                }
                ASSERT_TRUE(whole) << cut << " " << cut2;
                ASSERT_EQ(reader.got, text);
                ASSERT_EQ(streams.counters().buffers_taken, 0U);
            } while (std::next_permutation(parts.begin(), parts.end()));
        }
    }
    EXPECT_EQ(streams.counters().overlaps_different, 0U);
}

TEST(StreamAssembler, RandomSegmentsWithRepeatsGiveTheMessage) {
    std::mt19937 random(5);
    const std::string text = message_of(3000);
    StreamAssembler streams(2, 4096);
    for (int round = 0; round < 300; ++round) {
        Reader reader(streams);
        reader.syn();
        bool whole = false;
        // Random pieces near what is missing; gaps beyond the limit of ranges are dropped and come again.
        for (int i = 0; i < 20000 && !whole; ++i) {
            const std::size_t around = reader.got.size() + random() % 600;
            const std::size_t at = std::min<std::size_t>(around > 200 ? around - random() % 200 : around, 2999);
            whole = reader.offer(text, at, std::min<std::size_t>(1 + random() % 150, 3000 - at), 3000);
            if (!whole && random() % 4 == 0 && reader.got.size() < 3000) {
                whole =
                    reader.offer(text, reader.got.size(), std::min<std::size_t>(40, 3000 - reader.got.size()), 3000);
            }
        }
        ASSERT_TRUE(whole);
        ASSERT_EQ(reader.got, text);
    }
    EXPECT_EQ(streams.counters().overlaps_different, 0U);
    EXPECT_EQ(streams.counters().buffers_taken, 0U);
}

TEST(StreamAssembler, OfBytesThatComeTwiceTheFirstStay) {
    StreamAssembler streams(1, 64);
    Reader reader(streams);
    reader.syn();
    const auto offer = [&](std::uint32_t at, std::string_view bytes) {
        const Bytes got =
            streams.offer(reader.state, kBase + at, as_bytes(bytes), static_cast<std::uint32_t>(bytes.size()));
        return std::string(as_text(got));
    };
    EXPECT_EQ(offer(4, "EFGH"), "");
    EXPECT_EQ(offer(4, "EFGH"), "");
    EXPECT_EQ(streams.counters().segments_repeated, 1U);
    EXPECT_EQ(streams.counters().overlaps_different, 0U);
    EXPECT_EQ(offer(6, "xxIJ"), "");
    EXPECT_EQ(streams.counters().overlaps_different, 1U);
    EXPECT_EQ(offer(0, "ABCDyy"), "ABCDEFGHIJ");
    EXPECT_EQ(streams.counters().overlaps_different, 2U);
    streams.keep(reader.state);
    EXPECT_EQ(offer(0, "ABCD"), "") << "nothing new";
    EXPECT_EQ(offer(10, "K"), "ABCDEFGHIJK");
}

TEST(StreamAssembler, SequenceNumbers) {
    struct Case {
        const char* description;
        bool syn;
        std::vector<std::pair<std::uint32_t, std::string>> segments;
        std::string last;  // what the last offer gives
    };
    const Case cases[] = {
        {"midstream: the first payload is the base", false, {{500, "ab"}}, "ab"},
        {"midstream: before the base is old", false, {{500, "ab"}, {400, "zz"}}, ""},
        {"midstream: what reaches over the base counts from there",
         false,
         {{500, ""}, {501, "ab"}, {499, "xyzab!"}},
         "zab!"},
        {"keep-alive probe", true, {{0xffffffff, "x"}}, ""},
        {"after the SYN", true, {{0, "hello"}}, "hello"},
        {"far ahead is garbage", true, {{0x40000000, "hello"}}, ""},
        {"a little ahead waits", true, {{3, "lo"}}, ""},
        {"beyond a buffer: the start was lost", true, {{100, "next"}}, "next"},
        {"beyond a buffer, behind what waited", true, {{3, "lo"}, {100, "next"}}, "next"},
    };
    for (const Case& test : cases) {
        StreamAssembler streams(1, 64);
        StreamState state;
        if (test.syn) streams.begin(state, 0xffffffff);
        std::string last;
        for (std::size_t i = 0; i < test.segments.size(); ++i) {
            const auto& [sequence, text] = test.segments[i];
            last = as_text(streams.offer(state, sequence, as_bytes(text), static_cast<std::uint32_t>(text.size())));
        }
        EXPECT_EQ(last, test.last) << test.description;
    }
}

TEST(StreamAssembler, ASnappedSegmentEndsWhatIsInOrder) {
    StreamAssembler streams(2, 64);
    StreamState state;
    EXPECT_EQ(as_text(streams.offer(state, 0, as_bytes("abc"), 10)), "abc");
    EXPECT_TRUE(state.cut);
    streams.consume_all(state);
    EXPECT_EQ(as_text(streams.offer(state, 10, as_bytes("def"), 3)), "def") << "behind what was left out";
    EXPECT_FALSE(state.cut);
    streams.keep(state);
    EXPECT_EQ(as_text(streams.offer(state, 13, as_bytes("gh"), 5)), "defgh");
    EXPECT_TRUE(state.cut);
    streams.consume_all(state);
    EXPECT_EQ(as_text(streams.offer(state, 18, as_bytes("i"), 1)), "i");
    streams.keep(state);
    EXPECT_EQ(as_text(streams.offer(state, 19, {}, 5)), "i") << "no byte was captured: offered all the same";
    EXPECT_TRUE(state.cut);
    streams.keep(state);
    EXPECT_TRUE(state.stopped());
    EXPECT_EQ(streams.counters().messages_cut, 1U);
    EXPECT_EQ(streams.counters().buffers_taken, 0U);
}

TEST(StreamAssembler, ConsumesMessageByMessage) {
    StreamAssembler streams(1, 32);
    StreamState state;
    EXPECT_EQ(as_text(streams.offer(state, 0, as_bytes("one;two;th"), 10)), "one;two;th");
    streams.consume(state, 4);
    streams.consume(state, 4);
    streams.keep(state);
    EXPECT_EQ(as_text(streams.offer(state, 10, as_bytes("ree;fo"), 6)), "three;fo");
    streams.consume(state, 6);
    streams.keep(state);
    EXPECT_EQ(as_text(streams.offer(state, 20, as_bytes("ve;"), 3)), "") << "a gap";
    EXPECT_EQ(as_text(streams.offer(state, 16, as_bytes("ur;f"), 4)), "four;fve;");
    streams.consume(state, 5);
    streams.consume_all(state);
    EXPECT_EQ(streams.counters().buffers_taken, 0U);
    EXPECT_EQ(as_text(streams.offer(state, 23, as_bytes("x"), 1)), "x");
    // Small messages through the buffer for long: it has to make room at its front again and again.
    std::uint32_t at = 24;
    streams.keep(state);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(as_text(streams.offer(state, at + 5, as_bytes("6789"), 4)), "");
        EXPECT_EQ(as_text(streams.offer(state, at, as_bytes("12345"), 5)), "x123456789");
        streams.consume(state, 9);
        const Bytes rest = streams.offer(state, at + 9, as_bytes("x"), 1);
        EXPECT_EQ(as_text(rest), "9x");
        streams.consume(state, 1);
        streams.keep(state);
        at += 10;
    }
}

TEST(StreamAssembler, WantedBytesAreWaitedFor) {
    StreamAssembler streams(1, 20'000);
    const std::string text = message_of(16'384);
    StreamState state;
    streams.begin(state, 0xffffffff);
    int offers = 0;
    std::size_t got = 0;
    for (std::uint32_t at = 0; at < text.size(); ++at) {
        const Bytes bytes = streams.offer(state, at, as_bytes(std::string_view(text).substr(at, 1)), 1);
        if (bytes.empty()) continue;
        ++offers;
        got = bytes.size();
        if (got < text.size()) streams.keep(state, got < 5 ? 5 : text.size());
    }
    EXPECT_EQ(offers, 3);
    EXPECT_EQ(got, text.size());
}

TEST(StreamAssembler, AMessageLongerThanABufferIsGivenUp) {
    StreamAssembler streams(1, 16);
    Reader reader(streams);
    const std::string text = message_of(40);
    EXPECT_FALSE(reader.offer(text, 0, 10, 40));
    EXPECT_FALSE(reader.offer(text, 10, 10, 40));
    EXPECT_EQ(reader.got.size(), 16U);
    EXPECT_TRUE(reader.state.stopped());
    EXPECT_EQ(streams.counters().messages_too_long, 1U);
    EXPECT_EQ(streams.counters().buffers_taken, 0U);
}

TEST(StreamAssembler, TooManyGapsAreIgnored) {
    StreamAssembler streams(1, 64);
    Reader reader(streams);
    reader.syn();
    const std::string text = message_of(40);
    for (std::size_t i = 0; i <= StreamAssembler::kMaxRanges; ++i) reader.offer(text, 2 + 2 * i, 1, 40);
    EXPECT_EQ(streams.counters().segments_scattered, 1U);
    EXPECT_TRUE(reader.offer(text, 0, 40, 40)) << "and can come again";
    EXPECT_EQ(reader.got, text);
}

TEST(StreamAssembler, AFilledGapJoinsItsNeighboursAndLeavesTheRest) {
    StreamAssembler streams(1, 64);
    Reader reader(streams);
    reader.syn();
    const std::string text = message_of(24);
    for (const std::size_t at : {20U, 14U, 10U, 6U}) EXPECT_FALSE(reader.offer(text, at, 2, 24));
    EXPECT_FALSE(reader.offer(text, 8, 6, 24));   // 6 to 16 are one
    EXPECT_FALSE(reader.offer(text, 22, 2, 24));  // 20 to 24
    EXPECT_FALSE(reader.offer(text, 0, 6, 24));
    EXPECT_EQ(reader.got, text.substr(0, 16));
    EXPECT_TRUE(reader.offer(text, 16, 4, 24));
    EXPECT_EQ(reader.got, text);
    EXPECT_EQ(streams.counters().segments_repeated, 0U);
}

TEST(StreamAssembler, WithoutAFreeBufferTheOldestGoes) {
    StreamAssembler streams(2, 64);
    StreamState states[3];
    for (StreamState& state : states) {
        ASSERT_FALSE(streams.offer(state, 1, as_bytes("begin"), 5).empty());
        streams.keep(state);
    }
    EXPECT_TRUE(states[0].stopped());
    EXPECT_EQ(streams.counters().buffers_reclaimed, 1U);
    EXPECT_EQ(streams.counters().buffers_taken, 2U);
    for (int i = 1; i < 3; ++i) {
        EXPECT_EQ(as_text(streams.offer(states[i], 6, as_bytes("!"), 1)), "begin!");
        streams.stop(states[i]);
    }
    EXPECT_EQ(streams.counters().buffers_taken, 0U);

    StreamAssembler none(0, 64);
    StreamState state;
    ASSERT_FALSE(none.offer(state, 1, as_bytes("begin"), 5).empty());
    none.keep(state);
    EXPECT_TRUE(state.stopped());
    EXPECT_EQ(none.counters().streams_without_buffer, 1U);
}

TEST(StreamAssembler, TheSynsPayloadStandsBehindIt) {
    StreamAssembler streams(1, 64);
    StreamState state;
    model::PacketView packet;
    packet.tcp_flags = model::kTcpSyn;
    packet.tcp_sequence = 99;
    packet.payload = as_bytes("early");
    packet.payload_length = 5;
    EXPECT_EQ(as_text(streams.offer(state, packet)), "early");
    streams.keep(state);
    packet.tcp_flags = model::kTcpAck;
    packet.tcp_sequence = 105;
    packet.payload = as_bytes(" data");
    EXPECT_EQ(as_text(streams.offer(state, packet)), "early data");
}

// Whatever comes: never more than a buffer, never bytes that were not sent, every buffer back at the end.
TEST(StreamAssembler, HostileSegments) {
    std::mt19937 random(17);
    StreamAssembler streams(3, 256);
    std::vector<StreamState> states(6);
    const std::string text = message_of(600);
    for (int i = 0; i < 200'000; ++i) {
        StreamState& state = states[random() % states.size()];
        if (random() % 64 == 0) streams.begin(state, static_cast<std::uint32_t>(random() % 300));
        const std::size_t at = random() % text.size();
        const std::size_t count = std::min<std::size_t>(random() % 100, text.size() - at);
        const std::uint32_t sequence =
            random() % 50 == 0 ? static_cast<std::uint32_t>(random()) : static_cast<std::uint32_t>(at);
        const Bytes bytes = streams.offer(state, sequence, as_bytes(std::string_view(text).substr(at, count)),
                                          static_cast<std::uint32_t>(count + (random() % 8 == 0 ? random() % 50 : 0)));
        ASSERT_LE(bytes.size(), 256U);
        if (!bytes.empty()) {
            if (random() % 3 == 0) streams.consume(state, random() % 40);
            switch (random() % 4) {
                case 0: streams.consume_all(state); break;
                case 1: streams.stop(state); break;
                default: streams.keep(state, random() % 400);
            }
        }
        if (random() % 16 == 0) {
            streams.stop(state);
            state = StreamState{};
        }
    }
    for (StreamState& state : states) streams.stop(state);
    EXPECT_EQ(streams.counters().buffers_taken, 0U);
}

}  // namespace
}  // namespace telltale::track
