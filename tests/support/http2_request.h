// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/bytes.h"

namespace telltale::support {

using Http2Fields = std::vector<std::pair<std::string_view, std::string_view>>;

// A header block (RFC 7541) of literal fields without indexing, in plain text.
Bytes http2_block(const Http2Fields& fields);
// The start of a client's connection (RFC 9113 section 3.4): preface, SETTINGS, WINDOW_UPDATE, and the block in
// HEADERS and CONTINUATION frames of at most `fragment` bytes.
Bytes http2_connection(const Bytes& block, std::size_t fragment = 16384);

}  // namespace telltale::support
