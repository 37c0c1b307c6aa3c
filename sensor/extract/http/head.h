// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/extract/protocol.h"

namespace telltale::extract::http {

// A request's head that is longer is read up to here.
inline constexpr std::size_t kMaxHeadBytes = 16 * 1024;

// How far a head reaches. `request` is false once its first line is known not to be a request's.
struct HeadEnd {
    bool request = true;
    std::size_t size = 0;  // with the empty line; 0: not there yet
};
// Looks only at what has come since the last call with the same progress. Lines end with CR LF or LF.
HeadEnd find_head_end(std::string_view text, MessageProgress& progress);

// A field's value as sent, with its folds (RFC 9112 section 5.2), without white space around it.
struct Value {
    std::string_view text;
    bool found = false;
};

// Names with commas between them, in the order in which they come; those that do not fit are left out.
class NameList {
  public:
    static constexpr std::size_t kMaxBytes = 512;

    void add(std::string_view name);
    [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }
    [[nodiscard]] bool cut() const { return cut_; }

  private:
    std::array<char, kMaxBytes> text_;
    std::size_t size_ = 0;
    bool cut_ = false;
};

// The fields of a request's head that are read. Borrowed. The first of several fields with one name counts.
struct Head {
    std::string_view method;
    std::string_view target;     // may be cut where the head is cut in its first line
    std::string_view authority;  // of an absolute target or CONNECT's, without user information
    Value host;
    Value user_agent;
    Value requested_with;  // X-Requested-With: the program of an Android WebView
    NameList field_names;  // as sent
    NameList cookie_names;
    std::uint64_t content_length = 0;
    bool has_length = false;
    bool chunked = false;
};

// Reads a head, whole or cut. Of a cut one only whole lines count, the target and User-Agent apart: half a host name is
// another host's. False when the first line is not a request's.
bool read_head(std::string_view text, Head& head);

// Bytes of the body at the start of `text`, with its trailers (RFC 9112 section 7.1); all of `text` where its end is
// not there, or it is not in chunks after all.
std::size_t chunked_body_bytes(std::string_view text);

// A value on one line: each fold is one space. Borrows `value` where it has none, else writes to `joined`; cut to its
// size.
std::string_view unfold(std::string_view value, std::span<char> joined);

}  // namespace telltale::extract::http
