// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace telltale::capture {

// What was read from one capture file so far.
struct FileStatistics {
    std::string path;       // "-" is standard input
    std::string link_type;  // libpcap's name: EN10MB, RAW, ...; of several interfaces: each that is supported once
    std::uint64_t frames = 0;
    std::uint64_t captured_bytes = 0;
    std::uint64_t wire_bytes = 0;
    std::uint64_t snapped_frames = 0;      // captured shorter than on the wire
    std::uint64_t cut_frames = 0;          // longer than a batch takes: cut here
    std::uint64_t bad_timestamps = 0;      // outside 1970 to 2223, or a fraction of more than a second: clamped
    std::uint64_t unsupported_frames = 0;  // of an interface whose link type is not supported: not in `frames`
    std::uint64_t late_frames = 0;         // earlier than the frame before them
    std::int64_t first_ns = 0;             // the earliest and latest packet time; 0 without frames
    std::int64_t last_ns = 0;
    bool finished = false;              // read to its end, or to where it breaks
    std::vector<std::string> warnings;  // sentences that name the file
};

}  // namespace telltale::capture
