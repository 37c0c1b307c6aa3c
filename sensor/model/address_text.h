// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "sensor/model/addresses.h"

namespace telltale::model {

// "::ffff:255.255.255.255" is not among them: IPv4 has no prefix.
inline constexpr std::size_t kMaxIpTextBytes = 40;

// Writes an address as to_string() has it, without allocating. Returns the end. `at` has room for kMaxIpTextBytes.
char* put_text(const IpAddress& address, char* at);
void append(std::string& out, const IpAddress& address);

}  // namespace telltale::model
