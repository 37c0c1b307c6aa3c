// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/capture/pcapng_reader.h"
#include "tests/unit/capture/scratch_files.h"

namespace telltale::capture {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kSecondNs = 1'000'000'000;

// Writes the blocks of draft-ietf-opsawg-pcapng in one byte order.
class Pcapng {
  public:
    explicit Pcapng(bool big_endian = false) : big_endian_(big_endian) { section(); }

    std::string number(std::uint64_t value, unsigned octets) const {
        std::string text;
        for (unsigned i = 0; i < octets; ++i) {
            text += static_cast<char>(value >> 8 * (big_endian_ ? octets - 1 - i : i) & 0xff);
        }
        return text;
    }
    Pcapng& block(std::uint32_t type, std::string body) {
        body.resize((body.size() + 3) / 4 * 4);
        const std::string size = number(body.size() + 12, 4);
        content += number(type, 4) + size + body + size;
        return *this;
    }
    Pcapng& section() {
        return block(0x0a0d0d0a, number(0x1a2b3c4d, 4) + number(1, 2) + number(0, 2) + number(~std::uint64_t{0}, 8));
    }
    std::string option(unsigned code, std::string value) const {
        std::string text = number(code, 2) + number(value.size(), 2);
        value.resize((value.size() + 3) / 4 * 4);
        return text + value;
    }
    Pcapng& interface(unsigned link_type, std::uint32_t snap_length = 0, const std::string& options = "") {
        return block(1, number(link_type, 2) + number(0, 2) + number(snap_length, 4) + options);
    }
    Pcapng& packet(std::uint32_t interface, std::uint64_t time, const std::string& data, std::uint32_t more = 0) {
        return block(6, number(interface, 4) + number(time >> 32, 4) + number(time & 0xffffffff, 4) +
                            number(data.size(), 4) + number(data.size() + more, 4) + data);
    }
    Pcapng& order(bool big_endian) {
        big_endian_ = big_endian;
        return *this;
    }

    std::string content;

  private:
    bool big_endian_;
};

struct Outcome {
    std::vector<ReadFrame> frames;
    FileStatistics statistics;
};

Outcome read(const std::string& content) {
    const ScratchFolder folder;
    const auto files = open_files({folder.write("c.pcapng", content)});
    Outcome outcome;
    outcome.frames = read_all(*files);
    outcome.statistics = files->statistics().at(0);
    return outcome;
}

TEST(PcapngReader, InterfacesMayDifferInLinkTypeSnapLengthAndClock) {
    Pcapng file;
    file.interface(1, 96, file.option(9, std::string(1, '\x09')));
    file.interface(101, 65535, file.option(9, std::string(1, '\x83')) + file.option(14, file.number(1000, 8)));
    file.interface(113);
    file.packet(1, 8 * 700 + 4, "raw").packet(0, 1'701'000'000'123ULL * 1'000'000, "ethernet", 4);
    file.packet(2, 1'702'000'000ULL * 1'000'000 + 5, "cooked");
    const Outcome outcome = read(file.content);
    ASSERT_EQ(outcome.frames.size(), 3U);
    EXPECT_EQ(outcome.frames[0].bytes, "raw");
    EXPECT_EQ(outcome.frames[0].link, model::LinkType::raw_ip);
    EXPECT_EQ(outcome.frames[0].time_ns, 1700 * kSecondNs + kSecondNs / 2);
    EXPECT_EQ(outcome.frames[1].link, model::LinkType::ethernet);
    EXPECT_EQ(outcome.frames[1].wire_length, 12U);
    EXPECT_EQ(outcome.frames[1].time_ns, 1'701'000'000'123'000'000);
    EXPECT_EQ(outcome.frames[2].link, model::LinkType::linux_cooked_v1);
    EXPECT_EQ(outcome.frames[2].time_ns, 1'702'000'000'000'005'000);
    EXPECT_EQ(outcome.statistics.link_type, "EN10MB,RAW,LINUX_SLL");
    EXPECT_TRUE(outcome.statistics.warnings.empty());
}

TEST(PcapngReader, ASectionHasItsOwnByteOrderAndInterfaces) {
    Pcapng file;
    file.interface(1).packet(0, 1, "first").order(true).section();
    file.interface(101).interface(101).packet(1, 2'000'000, "second");
    const Outcome outcome = read(file.content);
    ASSERT_EQ(outcome.frames.size(), 2U);
    EXPECT_EQ(outcome.frames[1].bytes, "second");
    EXPECT_EQ(outcome.frames[1].link, model::LinkType::raw_ip);
    EXPECT_EQ(outcome.frames[1].time_ns, 2 * kSecondNs);
}

TEST(PcapngReader, ReadsSimpleAndObsoletePacketsAndPassesOtherBlocks) {
    for (const bool big_endian : {false, true}) {
        Pcapng file(big_endian);
        file.interface(1, 6).block(4, "names").block(0x0bad, "custom");
        file.block(2, file.number(0, 2) + file.number(7, 2) + file.number(0, 4) + file.number(3'000'000, 4) +
                          file.number(3, 4) + file.number(5, 4) + "old");
        file.block(3, file.number(8, 4) + "simple  ").block(5, file.number(0, 4));
        const Outcome outcome = read(file.content);
        ASSERT_EQ(outcome.frames.size(), 2U);
        EXPECT_EQ(outcome.frames[0].bytes, "old");
        EXPECT_EQ(outcome.frames[0].wire_length, 5U);
        EXPECT_EQ(outcome.frames[1].bytes, "simple") << "cut at the snap length";
        EXPECT_EQ(outcome.frames[1].wire_length, 8U);
        EXPECT_EQ(outcome.frames[1].time_ns, 3 * kSecondNs) << "it has no time of its own";
    }
}

TEST(PcapngReader, ClocksOfEveryResolution) {
    const auto time = [](std::uint8_t resolution, std::uint64_t units) {
        Pcapng file;
        file.interface(1, 0, file.option(9, std::string(1, static_cast<char>(resolution))));
        file.packet(0, units, "x");
        return read(file.content).frames.at(0).time_ns;
    };
    EXPECT_EQ(time(0, 1'700'000'000), 1'700'000'000 * kSecondNs);
    EXPECT_EQ(time(3, 1'700'000'000'250), 1'700'000'000'250'000'000);
    EXPECT_EQ(time(12, 5'000'000'123'999ULL * 1000), 5000 * kSecondNs + 123'999);
    EXPECT_EQ(time(19, 15'000'000'000'000'000'000ULL), kSecondNs + kSecondNs / 2);
    EXPECT_EQ(time(0x80 | 20, (std::uint64_t{7} << 20) + (1U << 18)), 7 * kSecondNs + kSecondNs / 4);
    EXPECT_EQ(time(0x80 | 40, (std::uint64_t{7} << 40) + (std::uint64_t{1} << 39)), 7 * kSecondNs + kSecondNs / 2);
    EXPECT_EQ(time(0xff, ~std::uint64_t{0}), kSecondNs + 999'999'999);
    EXPECT_EQ(time(0xfe, 0), 0);
}

TEST(PcapngReader, PassesOverInterfacesThatAreNotSupported) {
    Pcapng file;
    file.interface(187).interface(1).packet(0, 1, "ring").packet(1, 2, "ethernet").packet(0, 3, "ring");
    const Outcome outcome = read(file.content);
    ASSERT_EQ(outcome.frames.size(), 1U);
    EXPECT_EQ(outcome.frames[0].bytes, "ethernet");
    EXPECT_EQ(outcome.statistics.unsupported_frames, 2U);
    ASSERT_EQ(outcome.statistics.warnings.size(), 1U);
    EXPECT_THAT(outcome.statistics.warnings[0], HasSubstr("2 frames of its other interfaces"));
    EXPECT_THAT(outcome.statistics.warnings[0], HasSubstr("BLUETOOTH_HCI_H4"));

    Pcapng many;
    many.interface(1);
    for (unsigned i = 1000; i < 3000; ++i) many.interface(i);
    EXPECT_EQ(read(many.packet(0, 1, "x").content).statistics.link_type, "EN10MB") << "supported ones are named";

    Pcapng ring;
    ring.interface(187).packet(0, 1, "ring");
    const ScratchFolder folder;
    EXPECT_THAT(open_error({folder.write("c", ring.content)}), HasSubstr("link type BLUETOOTH_HCI_H4"));
}

TEST(PcapngReader, SaysWhatIsBroken) {
    const auto warning = [](const std::string& content) {
        const Outcome outcome = read(content);
        EXPECT_EQ(outcome.frames.size(), 1U);
        return outcome.statistics.warnings.empty() ? std::string() : outcome.statistics.warnings[0];
    };
    Pcapng good;
    good.interface(1).packet(0, 1, "good");
    const auto with = [&](auto&& add) {
        Pcapng file = good;
        add(file);
        return warning(file.content);
    };
    EXPECT_EQ(warning(good.content), "");
    EXPECT_THAT(with([](Pcapng& f) { f.packet(1, 1, "x"); }), HasSubstr("interface 1, which is not described"));
    EXPECT_THAT(with([](Pcapng& f) { f.block(6, std::string(8, 'x')); }), HasSubstr("packet block of 20 bytes"));
    EXPECT_THAT(with([](Pcapng& f) { f.block(6, std::string(12, '\0') + f.number(9, 4) + f.number(9, 4) + "short"); }),
                HasSubstr("packet of 9 bytes does not fit"));
    EXPECT_THAT(with([](Pcapng& f) { f.content += f.number(6, 4) + f.number(13, 4); }), HasSubstr("claims 13 bytes"));
    EXPECT_THAT(with([](Pcapng& f) { f.content += f.number(6, 4) + f.number(0x80000000, 4); }),
                HasSubstr("claims 2147483648 bytes"));
    EXPECT_THAT(with([](Pcapng& f) { f.content += f.number(6, 4) + f.number(1U << 24, 4); }),
                HasSubstr("ends in a block of 16777216 bytes"));
    EXPECT_THAT(with([](Pcapng& f) { f.packet(0, 1, "x").content.back() ^= 1; }), HasSubstr("another length"));
    EXPECT_THAT(with([](Pcapng& f) { f.content += "abc"; }), HasSubstr("head of a block"));
    EXPECT_THAT(with([](Pcapng& f) { f.interface(1, 0, f.option(9, "")); }), HasSubstr("resolution"));
    EXPECT_THAT(with([](Pcapng& f) { f.interface(1, 0, f.option(14, "four")); }), HasSubstr("offset"));
    EXPECT_THAT(with([](Pcapng& f) { f.interface(1, 0, f.number(2, 2) + f.number(99, 2)); }), HasSubstr("option"));
    EXPECT_THAT(with([](Pcapng& f) { f.block(1, "x"); }), HasSubstr("interface block"));
    EXPECT_THAT(with([](Pcapng& f) { f.block(0x0a0d0d0a, f.number(0x1a2b3c4d, 4) + f.number(2, 2)); }),
                HasSubstr("section header"));
    EXPECT_THAT(
        with([](Pcapng& f) { f.block(0x0a0d0d0a, f.number(0x1a2b3c4d, 4) + f.number(2, 2) + std::string(10, 'x')); }),
        HasSubstr("version 2."));
}

// Blocks may be far longer than any frame of a classic file.
TEST(PcapngReader, CutsFramesThatABatchCannotTake) {
    Pcapng file;
    const std::string large(model::kFileBatchBytes + 100, 'x');
    file.interface(1).packet(0, 1, "short").packet(0, 2, large).packet(0, 3, "behind");
    const Outcome outcome = read(file.content);
    ASSERT_EQ(outcome.frames.size(), 3U);
    EXPECT_EQ(outcome.frames[1].bytes, large.substr(0, model::kFileBatchBytes));
    EXPECT_EQ(outcome.frames[1].wire_length, large.size());
    EXPECT_EQ(outcome.frames[2].bytes, "behind");
    EXPECT_EQ(outcome.statistics.cut_frames, 1U);
    ASSERT_EQ(outcome.statistics.warnings.size(), 1U);
    EXPECT_THAT(outcome.statistics.warnings[0], HasSubstr("1 frames exceed the longest"));
}

// A batch borrows its frames where they were read: it ends before that becomes much.
TEST(PcapngReader, LargeBlocksEndABatch) {
    Pcapng file;
    file.interface(1);
    const std::string large(PcapngReader::kMaxBlockBytes / 8, 'x');
    for (std::uint64_t i = 0; i < 9; ++i) file.packet(0, i, std::to_string(i) + large);
    const Outcome outcome = read(file.content);
    ASSERT_EQ(outcome.frames.size(), 9U);
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(outcome.frames[i].bytes.substr(0, 2), std::to_string(i) + "x");
    EXPECT_GE(outcome.frames.back().batch, 2U);
}

TEST(PcapngReader, CutAtEveryLength) {
    Pcapng file;
    file.interface(1, 0, file.option(9, "\x06")).packet(0, 1, "one");
    const std::size_t one = file.content.size();
    file.block(3, file.number(3, 4) + "two").order(true).section().interface(1).packet(0, 3, "three");
    for (std::size_t size = one; size <= file.content.size(); ++size) {
        const Outcome outcome = read(file.content.substr(0, size));
        EXPECT_GE(outcome.frames.size(), 1U) << size;
        EXPECT_EQ(outcome.frames.size() == 3, size == file.content.size()) << size;
        for (const std::string& warning : outcome.statistics.warnings) EXPECT_THAT(warning, HasSubstr("are used"));
    }
}

}  // namespace
}  // namespace telltale::capture
