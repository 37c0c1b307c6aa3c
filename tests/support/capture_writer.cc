// SPDX-License-Identifier: Apache-2.0
#include "tests/support/capture_writer.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace telltale::support {
namespace {

constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;

std::vector<TimedFrame> frames_of(std::span<const Packet> packets) {
    std::vector<TimedFrame> frames;
    frames.reserve(packets.size());
    for (const Packet& packet : packets) frames.push_back(packet.frame());
    return frames;
}

}  // namespace

CaptureWriter::CaptureWriter(std::ostream& out, CaptureOptions options) : out_(out), options_(options) {
    if (options_.format == CaptureOptions::Format::pcap) {
        pcap_header();
    } else {
        pcapng_header();
    }
    out_.write(record_.data(), static_cast<std::streamsize>(record_.size()));
}

void CaptureWriter::number(std::uint64_t value, std::size_t octets) {
    for (std::size_t i = 0; i < octets; ++i) {
        const std::size_t shift = 8 * (options_.big_endian ? octets - 1 - i : i);
        record_.push_back(static_cast<char>(value >> shift & 0xff));
    }
}

void CaptureWriter::pcap_header() {
    number(options_.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4);
    number(2, 2);
    number(4, 2);
    number(0, 8);
    number(options_.snap_length, 4);
    number(static_cast<std::uint64_t>(options_.link), 4);
}

void CaptureWriter::pcapng_header() {
    number(kSectionHeader, 4);
    number(28, 4);
    number(0x1a2b3c4d, 4);
    number(1, 2);
    number(0, 2);
    number(UINT64_MAX, 8);  // section length not given
    number(28, 4);

    number(1, 4);  // interface description
    number(32, 4);
    number(static_cast<std::uint64_t>(options_.link), 2);
    number(0, 2);
    number(options_.snap_length, 4);
    number(9, 2);  // if_tsresol
    number(1, 2);
    record_.push_back(options_.nanoseconds ? 9 : 6);
    record_.append(3, '\0');
    number(0, 4);  // opt_endofopt
    number(32, 4);
}

void CaptureWriter::write(const TimedFrame& frame) {
    record_.clear();
    const std::size_t captured = std::min<std::size_t>(frame.bytes.size(), options_.snap_length);
    const std::uint64_t wire = std::max<std::size_t>(frame.wire_length, frame.bytes.size());
    const std::uint64_t unit_ns = options_.nanoseconds ? 1 : 1000;
    if (options_.format == CaptureOptions::Format::pcap) {
        number(frame.time_ns / kNanosecondsPerSecond, 4);
        number(frame.time_ns % kNanosecondsPerSecond / unit_ns, 4);
        number(captured, 4);
        number(wire, 4);
        record_.append(frame.bytes.begin(), frame.bytes.begin() + static_cast<std::ptrdiff_t>(captured));
    } else {
        const std::size_t padding = (4 - captured % 4) % 4;
        const std::uint64_t block = 32 + captured + padding;
        const std::uint64_t time = frame.time_ns / unit_ns;
        number(6, 4);
        number(block, 4);
        number(0, 4);
        number(time >> 32, 4);
        number(time & 0xffffffff, 4);
        number(captured, 4);
        number(wire, 4);
        record_.append(frame.bytes.begin(), frame.bytes.begin() + static_cast<std::ptrdiff_t>(captured));
        record_.append(padding, '\0');
        number(block, 4);
    }
    out_.write(record_.data(), static_cast<std::streamsize>(record_.size()));
    ++frames_;
}

void sort_by_time(std::vector<TimedFrame>& frames) {
    std::stable_sort(frames.begin(), frames.end(),
                     [](const TimedFrame& a, const TimedFrame& b) { return a.time_ns < b.time_ns; });
}

std::string capture_bytes(std::vector<TimedFrame> frames, const CaptureOptions& options) {
    sort_by_time(frames);
    std::ostringstream out;
    CaptureWriter writer(out, options);
    for (const TimedFrame& frame : frames) writer.write(frame);
    return out.str();
}

std::string capture_bytes(std::span<const Packet> packets, CaptureOptions options) {
    if (!packets.empty()) options.link = packets.front().link_type();
    return capture_bytes(frames_of(packets), options);
}

void write_capture_file(const std::string& path, std::vector<TimedFrame> frames, const CaptureOptions& options) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << capture_bytes(std::move(frames), options);
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path);
}

void write_capture_file(const std::string& path, std::span<const Packet> packets, CaptureOptions options) {
    if (!packets.empty()) options.link = packets.front().link_type();
    write_capture_file(path, frames_of(packets), options);
}

}  // namespace telltale::support
