// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace telltale::capture {

// Statistics of one capture file.
struct FileStatistics {
    std::string path;       // "-" is standard input
    std::string link_type;  // libpcap's name: EN10MB, RAW, ...; with several interfaces, each supported one once
    std::uint64_t frames = 0;
    std::uint64_t captured_bytes = 0;
    std::uint64_t wire_bytes = 0;
    std::uint64_t snapped_frames = 0;      // captured in part
    std::uint64_t cut_frames = 0;          // longer than a batch may hold: cut here
    std::uint64_t bad_timestamps = 0;      // outside 1970 to 2223, or a fraction of more than a second: clamped
    std::uint64_t unsupported_frames = 0;  // with an unsupported link type: not in `frames`
    std::uint64_t late_frames = 0;         // earlier than the previous frame
    std::int64_t first_ns = 0;             // the earliest and latest packet time; 0 without frames
    std::int64_t last_ns = 0;
    bool finished = false;              // read to its end, or to where it is broken
    std::vector<std::string> warnings;  // sentences that name the file
};

}  // namespace telltale::capture
