// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace telltale::support {

struct CaptureOptions {
    enum class Format : std::uint8_t { pcap, pcapng } format = Format::pcap;
    LinkType link = LinkType::ethernet;
    bool nanoseconds = false;  // otherwise microseconds; pcapng: if_tsresol 9 or 6
    bool big_endian = false;   // byte order of the file's own fields
    std::uint32_t snap_length = 262144;
};

// Writes capture files: classic pcap (draft-ietf-opsawg-pcap) and pcapng with one section header, one interface and
// enhanced packet blocks (draft-ietf-opsawg-pcapng). Writes frames in the order given; cuts them at the snap length.
// Does not own the stream; the caller checks its state and flushes it.
class CaptureWriter {
  public:
    CaptureWriter(std::ostream& out, CaptureOptions options);
    void write(const TimedFrame& frame);
    std::uint64_t frames_written() const { return frames_; }

  private:
    void number(std::uint64_t value, std::size_t octets);
    void pcap_header();
    void pcapng_header();

    std::ostream& out_;
    CaptureOptions options_;
    std::uint64_t frames_ = 0;
    std::string record_;  // reused for every record
};

// Return or write a whole capture; frames are sorted by time first (equal times keep their order).
std::string capture_bytes(std::vector<TimedFrame> frames, const CaptureOptions& options = {});
std::string capture_bytes(std::span<const Packet> packets, CaptureOptions options = {});  // link type of the first
// Throws std::runtime_error naming the path when the file cannot be written.
void write_capture_file(const std::string& path, std::vector<TimedFrame> frames, const CaptureOptions& options = {});
void write_capture_file(const std::string& path, std::span<const Packet> packets, CaptureOptions options = {});

void sort_by_time(std::vector<TimedFrame>& frames);

}  // namespace telltale::support
