// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/pcap_reader.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace telltale::capture {
namespace {

constexpr std::size_t kHeaderBytes = 24;
constexpr std::size_t kHeadBytes = 16;
constexpr std::size_t kKuznetzovHeadBytes = 24;  // interface, protocol and packet type follow the lengths
constexpr std::uint32_t kNanosecondMagic = 0xa1b23c4d;
constexpr std::uint32_t kKuznetzovMagic = 0xa1b2cd34;

struct HeaderCloser {
    void operator()(pcap* handle) const { pcap_close(handle); }
};

}  // namespace

PcapReader::PcapReader(InputStream& stream, pcap* header)
    : stream_(stream),
      link_type_(pcap_datalink(header)),
      snap_length_(static_cast<std::uint32_t>(pcap_snapshot(header))),
      swapped_(pcap_is_swapped(header) != 0) {
    const std::uint32_t magic = number_at(stream.beginning().data());
    if (magic == kNanosecondMagic) fraction_ns_ = 1;
    head_bytes_ = magic == kKuznetzovMagic ? kKuznetzovHeadBytes : kHeadBytes;
    // Version 2.3 swapped the two lengths, but some of its writers did not.
    const int major = pcap_major_version(header), minor = pcap_minor_version(header);
    if ((major == 2 && minor < 3) || major == 543) lengths_ = Lengths::wire_first;
    if (major == 2 && minor == 3) lengths_ = Lengths::larger_is_wire;
}

base::Result<std::unique_ptr<PcapReader>> PcapReader::open(InputStream& stream) {
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    const base::Bytes beginning = stream.beginning();
    std::FILE* const in_memory = fmemopen(const_cast<std::uint8_t*>(beginning.data()), beginning.size(), "rb");
    if (in_memory == nullptr) return base::Error{std::strerror(errno)};
    const std::unique_ptr<pcap, HeaderCloser> header(
        pcap_fopen_offline_with_tstamp_precision(in_memory, PCAP_TSTAMP_PRECISION_NANO, reason.data()));
    if (header == nullptr) {
        std::fclose(in_memory);
        return base::Error{reason.data()};
    }
    static_cast<void>(stream.look(kHeaderBytes));  // libpcap has read them from `beginning`
    stream.skip(kHeaderBytes);
    return std::unique_ptr<PcapReader>(new PcapReader(stream, header.get()));
}

// Does not skip the record, so that a further read fails at it again.
ReadStatus PcapReader::break_off(base::Bytes there, std::uint32_t captured) {
    if (captured > kMaxCapturedBytes) {
        reason_ = "a record claims " + std::to_string(captured) + " captured bytes, more than the " +
                  std::to_string(kMaxCapturedBytes) + " that there can be";
        return ReadStatus::broken;
    }
    cut_bytes_ = there.size();
    reason_ = there.size() < head_bytes_
                  ? "the file ends in the head of a record"
                  : "the file ends in a record of " + std::to_string(captured) + " captured bytes, of which " +
                        std::to_string(there.size() - head_bytes_) + " are there";
    return ReadStatus::broken;
}

}  // namespace telltale::capture
