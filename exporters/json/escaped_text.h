// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace telltale::json {

// Appends text of unknown encoding as a JSON string (RFC 8259 section 7), quotes included. What is not UTF-8 becomes
// U+FFFD. Whatever acts instead of showing (base::is_control) is escaped, so that no text can forge a line or a
// terminal command. Text of more than `max_characters` code points is cut, and an ellipsis is the last of them.
void append_escaped(std::string_view text, std::size_t max_characters, std::string& out);

}  // namespace telltale::json
