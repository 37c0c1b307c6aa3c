// SPDX-License-Identifier: Apache-2.0
// PcapReader beside libpcap, which reads the same file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sensor/capture/pcap_reader.h"
#include "tests/support/random.h"
#include "tests/unit/capture/scratch_files.h"

namespace telltale::capture {
namespace {

using testing::HasSubstr;

struct Seen {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::uint32_t wire_length = 0;
    std::string bytes;

    bool operator==(const Seen&) const = default;
};

struct Outcome {
    int link_type = -1;
    std::vector<Seen> records;
    bool broken = false;
};

Outcome by_libpcap(const std::string& path) {
    Outcome outcome;
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    pcap_t* const file =
        pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, reason.data());
    if (file == nullptr) return outcome;
    outcome.link_type = pcap_datalink(file);
    pcap_pkthdr* head = nullptr;
    const u_char* data = nullptr;
    int status = 0;
    while ((status = pcap_next_ex(file, &head, &data)) == 1) {
        outcome.records.push_back({head->ts.tv_sec, head->ts.tv_usec, std::max(head->len, head->caplen),
                                   std::string(reinterpret_cast<const char*>(data), head->caplen)});
    }
    outcome.broken = status != PCAP_ERROR_BREAK;
    pcap_close(file);
    return outcome;
}

Outcome by_us(const std::string& path) {
    Outcome outcome;
    auto stream = InputStream::open(path, nullptr);
    if (!stream) return outcome;
    auto reader = PcapReader::open(**stream);
    if (!reader) return outcome;
    outcome.link_type = (*reader)->link_type();
    Record record;
    std::uint64_t turn = 0;
    ReadStatus status = ReadStatus::record;
    while ((status = (*reader)->read(record)) == ReadStatus::record) {
        outcome.records.push_back({record.seconds, record.nanoseconds, record.wire_length,
                                   std::string(reinterpret_cast<const char*>(record.data), record.captured_length)});
        (*stream)->begin_turn(++turn);
    }
    outcome.broken = status == ReadStatus::broken;
    EXPECT_EQ(outcome.broken, !(*reader)->reason().empty());
    EXPECT_EQ((*reader)->read(record), status) << "the end stays the end";
    return outcome;
}

struct Format {
    std::uint32_t magic;
    std::uint16_t major, minor;
    bool big_endian;
};

class Writer {
  public:
    explicit Writer(const Format& format, std::uint32_t snap_length = 65535) : format_(format) {
        number(format.magic, 4).number(format.major, 2).number(format.minor, 2).number(0, 8);
        number(snap_length, 4).number(1, 4);
    }
    Writer& record(std::uint32_t seconds, std::uint32_t fraction, std::uint32_t first, std::uint32_t second,
                   const std::string& bytes) {
        number(seconds, 4).number(fraction, 4).number(first, 4).number(second, 4);
        if (format_.magic == 0xa1b2cd34) number(7, 4).number(0x0800, 2).number(0, 2);
        content += bytes;
        return *this;
    }

    std::string content;

  private:
    Writer& number(std::uint64_t value, unsigned octets) {
        for (unsigned i = 0; i < octets; ++i) {
            content += static_cast<char>(value >> 8 * (format_.big_endian ? octets - 1 - i : i) & 0xff);
        }
        return *this;
    }

    Format format_;
};

std::vector<Format> formats() {
    std::vector<Format> all;
    for (const std::uint32_t magic : {0xa1b2c3d4U, 0xa1b23c4dU, 0xa1b2cd34U}) {
        for (const bool big_endian : {false, true}) {
            for (const auto& [major, minor] : {std::pair{2, 4}, {2, 3}, {2, 2}, {543, 0}}) {
                all.push_back(
                    {magic, static_cast<std::uint16_t>(major), static_cast<std::uint16_t>(minor), big_endian});
            }
        }
    }
    return all;
}

void expect_alike(const std::string& content) {
    const ScratchFolder folder;
    const std::string path = folder.write("c", content);
    const Outcome expected = by_libpcap(path);
    const Outcome outcome = by_us(path);
    EXPECT_EQ(outcome.link_type, expected.link_type);
    EXPECT_EQ(outcome.broken, expected.broken);
    ASSERT_EQ(outcome.records.size(), expected.records.size());
    for (std::size_t i = 0; i < outcome.records.size(); ++i) EXPECT_EQ(outcome.records[i], expected.records[i]) << i;
}

TEST(PcapReader, ReadsEveryVariantAsLibpcapDoes) {
    support::Random random(7);
    for (const Format& format : formats()) {
        SCOPED_TRACE(std::to_string(format.magic) + " " + std::to_string(format.major) + "." +
                     std::to_string(format.minor) + (format.big_endian ? " big-endian" : " little-endian"));
        Writer file(format, 100);
        for (std::uint32_t i = 0; i < 50; ++i) {
            // Some are longer than the snap length of the file.
            const std::string bytes(random.below(120), static_cast<char>('a' + i % 26));
            const auto size = static_cast<std::uint32_t>(bytes.size());
            const bool exchanged = format.major == 543 || format.minor == 2 || (format.minor == 3 && i % 2 == 0);
            const std::uint32_t wire = size + static_cast<std::uint32_t>(random.below(3));
            file.record(1'700'000'000 + i, 999'999 - i, exchanged ? wire : size, exchanged ? size : wire, bytes);
        }
        expect_alike(file.content);
        expect_alike(file.content.substr(0, file.content.size() - 1));
        expect_alike(file.content + "cut");
    }
}

TEST(PcapReader, ReadsOverTheEndsOfItsBlocks) {
    support::Random random(8);
    Writer file({0xa1b2c3d4, 2, 4, false}, 262'144);
    for (std::uint32_t i = 0; i < 40; ++i) {
        std::string bytes(i % 8 == 0 ? 262'144 - random.below(3) : random.below(70'000), '\0');
        for (char& octet : bytes) octet = static_cast<char>(random.next());
        const auto size = static_cast<std::uint32_t>(bytes.size());
        file.record(1'700'000'000 + i, i, size, size, bytes);
    }
    expect_alike(file.content);
}

TEST(PcapReader, SaysWhatIsBroken) {
    const ScratchFolder folder;
    const auto warning_of = [&](const std::string& content) {
        const auto files = open_files({folder.write("c", content)});
        read_all(*files);
        return files->statistics().at(0).warnings.at(0);
    };
    const Format format{0xa1b2c3d4, 2, 4, false};
    const std::string sound = Writer(format).record(1, 2, 5, 5, "first").content;
    EXPECT_THAT(warning_of(sound + "head"), HasSubstr("cannot be read from frame 2 on (about byte 49 of 49): the file "
                                                      "ends in the head of a record; the 1 frames before it are used"));
    EXPECT_THAT(warning_of(Writer(format).record(1, 2, 5, 5, "fir").content),
                HasSubstr("the file ends in a record of 5 captured bytes, of which 3 are there"));
    EXPECT_THAT(warning_of(Writer(format).record(1, 2, 262'145, 5, "first").content),
                HasSubstr("a record claims 262145 captured bytes, more than the 262144 that there can be"));
}

}  // namespace
}  // namespace telltale::capture
