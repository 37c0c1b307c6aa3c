// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace telltale::match {

// RFC 1035 section 2.3.4 as text: no host name is longer than 253 bytes without its final dot.
inline constexpr std::size_t kMaxHostNameBytes = 253;

// A host name as the patterns expect it: without port ("host:443", "host:"), without one final dot, in lower case
// (ASCII letters; other bytes are kept). For SNI, the Host header and DNS names alike. Written to `buffer`, which the
// result points into. Empty for text that is not a host name: an address in brackets ("[::1]:443"), text with more than
// one colon (an IPv6 address), more than kMaxHostNameBytes.
std::string_view normalise_host_name(std::string_view text, std::span<char, kMaxHostNameBytes> buffer);

}  // namespace telltale::match
