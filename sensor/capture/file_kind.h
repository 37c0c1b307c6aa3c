// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sensor/base/byte_reader.h"

namespace telltale::capture {

// Returns whether the first bytes are those of a pcap or pcapng file, in either byte order (draft-ietf-opsawg-pcap
// section 4, draft-ietf-opsawg-pcapng section 4.1, and the variants that libpcap reads).
bool looks_like_capture(base::Bytes beginning);

// Returns whether such a file is pcapng: its first block is a section header, whose type is the same in both byte
// orders.
bool looks_like_pcapng(base::Bytes beginning);

// Describes a file that is not a capture, and what to do: "is compressed with gzip; ...".
std::string describe_other_file(base::Bytes beginning, std::string_view path);

}  // namespace telltale::capture
