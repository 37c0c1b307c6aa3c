// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/file_kind.h"

#include <algorithm>
#include <array>

namespace telltale::capture {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPcapngMagic = "\x0a\x0d\x0d\x0a"sv;

struct Compression {
    std::string_view magic;
    std::string_view name;
    std::string_view reader;  // the command that writes the content to standard output
};
constexpr std::array kCompressions{
    Compression{"\x1f\x8b"sv, "gzip", "zcat"},
    Compression{"\x28\xb5\x2f\xfd"sv, "zstd", "zstdcat"},
    Compression{"\xfd"
                "7zXZ\0"sv,
                "xz", "xzcat"},
    Compression{"BZh"sv, "bzip2", "bzcat"},
    Compression{"\x04\x22\x4d\x18"sv, "lz4", "lz4cat"},
    Compression{"PK\x03\x04"sv, "zip", "unzip -p"},
};

struct OtherFormat {
    std::string_view magic;
    std::string_view name;
};
constexpr std::array kOtherFormats{
    OtherFormat{"snoop\0\0\0"sv, "a Solaris snoop capture"},
    OtherFormat{"GMBU"sv, "a Microsoft Network Monitor capture"},
    OtherFormat{"RTSS"sv, "a Microsoft Network Monitor capture"},
    OtherFormat{"XCP\0"sv, "a NetXray capture"},
    OtherFormat{"TRSNIFF data"sv, "a Sniffer capture"},
};

bool is_text(base::Bytes bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) {
        return byte >= 0x80 || (byte >= 0x20 && byte != 0x7f) || byte == '\t' || byte == '\n' || byte == '\r' ||
               byte == '\f' || byte == 0x1b;
    });
}

}  // namespace

bool looks_like_capture(base::Bytes beginning) {
    constexpr std::array kMagics{
        "\xd4\xc3\xb2\xa1"sv, "\xa1\xb2\xc3\xd4"sv,  // microseconds
        "\x4d\x3c\xb2\xa1"sv, "\xa1\xb2\x3c\x4d"sv,  // nanoseconds
        "\x34\xcd\xb2\xa1"sv, "\xa1\xb2\xcd\x34"sv,  // Kuznetzov's
        kPcapngMagic,
    };
    const std::string_view start = base::as_text(beginning);
    return std::any_of(kMagics.begin(), kMagics.end(),
                       [&](std::string_view magic) { return start.starts_with(magic); });
}

bool looks_like_pcapng(base::Bytes beginning) { return base::as_text(beginning).starts_with(kPcapngMagic); }

std::string describe_other_file(base::Bytes beginning, std::string_view path) {
    const std::string_view start = base::as_text(beginning);
    if (start.empty()) return "is empty: it has not even a capture's header";
    for (const Compression& compression : kCompressions) {
        if (!start.starts_with(compression.magic)) continue;
        const std::string file = path == "-" ? "FILE" : std::string(path);
        return "is compressed with " + std::string(compression.name) +
               "; decompress it or pipe it in: " + std::string(compression.reader) + " " + file + " | telltale read -";
    }
    for (const OtherFormat& format : kOtherFormats) {
        if (start.starts_with(format.magic)) {
            return "is " + std::string(format.name) + "; convert it to pcapng, for example with editcap";
        }
    }
    if (is_text(beginning)) return "is a text file, not a capture; give a pcap or pcapng file";
    return "is not a capture: it begins like neither pcap nor pcapng";
}

}  // namespace telltale::capture
