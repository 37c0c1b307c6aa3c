// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace telltale::model {

// Appends text from packets to a sentence: printable ASCII as it is, everything else as \xNN, cut after `max_bytes` of
// input. No line can be forged with it.
void append_readable(std::string& out, std::string_view text, std::size_t max_bytes = 80);
std::string readable(std::string_view text, std::size_t max_bytes = 80);

// Appends a confidence with two digits: "0.93".
void append_readable(std::string& out, double confidence);
std::string readable(double confidence);

}  // namespace telltale::model
