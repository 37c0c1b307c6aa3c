// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace telltale::base {

inline constexpr char32_t kReplacementCharacter = 0xfffd;
inline constexpr char32_t kEllipsis = 0x2026;

// Returns the code point at `at` and moves `at` past it. Whatever is not UTF-8 (Unicode 15, table 3-7: no surrogates,
// no overlong forms, nothing above U+10FFFF) gives U+FFFD per maximal broken part. Precondition: at < text.size().
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(char32_t code_point, std::string& out);

// Returns whether a character acts instead of being shown: controls (C0, DEL, C1), line and paragraph separators, and
// marks that change the direction of text. Packets can forge a line or a terminal command with them.
bool is_control(char32_t code_point);

}  // namespace telltale::base
