// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "sensor/base/utf8.h"

namespace telltale::base {

// Writes JSON (RFC 8259) front to back on one line into a buffer that is kept; commas are set by itself. The caller
// closes what it opens. Keys are literals; text may be anything (append_json_string). For what is written with care
// for each key; exporters/ecs builds on it.
class JsonWriter {
  public:
    static constexpr std::size_t kUnbounded = static_cast<std::size_t>(-1);

    // Valid until the next call that writes.
    [[nodiscard]] std::string_view str() const { return {text_.data(), size_}; }
    void clear() { size_ = 0; }

    void begin(char bracket) {
        separate();
        *place(1) = bracket;
    }
    void end(char bracket) { *place(1) = bracket; }
    // A literal.
    void key(std::string_view name) {
        separate();
        char* at = place(name.size() + 3);
        *at = '"';
        std::memcpy(at + 1, name.data(), name.size());
        at[name.size() + 1] = '"';
        at[name.size() + 2] = ':';
    }
    void string(std::string_view value, std::size_t max_characters = kUnbounded) {
        separate();
        if (value.size() > max_characters || plain_json_bytes(value) != value.size()) {
            escaped_.clear();
            append_json_string(value, max_characters, escaped_);
            append(escaped_);
            return;
        }
        char* at = place(value.size() + 2);
        *at = '"';
        if (!value.empty()) std::memcpy(at + 1, value.data(), value.size());
        at[value.size() + 1] = '"';
    }
    // A value that is JSON already.
    void raw(std::string_view json) {
        separate();
        append(json);
    }
    void number(std::uint64_t value) { integer(value); }
    void signed_number(std::int64_t value) { integer(value); }
    // The shortest text that reads back as the same number; null when it is none.
    void real(double value) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        raw(std::isfinite(value) ? std::string_view(digits, end) : std::string_view("null"));
    }
    void boolean(bool value) {
        raw(value ? "true" : "false");
    }

    void string(std::string_view name, std::string_view value) {
        key(name);
        string(value);
    }
    void number(std::string_view name, std::uint64_t value) {
        key(name);
        number(value);
    }
    void signed_number(std::string_view name, std::int64_t value) {
        key(name);
        signed_number(value);
    }
    void real(std::string_view name, double value) {
        key(name);
        real(value);
    }
    void begin(std::string_view name, char bracket) {
        key(name);
        begin(bracket);
    }
    void boolean(std::string_view name, bool value) {
        key(name);
        boolean(value);
    }

  private:
    template <typename Integer>
    void integer(Integer value) {
        char digits[24];
        raw({digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
    }
    void separate() {
        if (size_ == 0) return;
        const char last = text_[size_ - 1];
        if (last != '{' && last != '[' && last != ':') *place(1) = ',';
    }
    void append(std::string_view text) {
        if (!text.empty()) std::memcpy(place(text.size()), text.data(), text.size());
    }
    // Room for `size` more bytes, taken.
    char* place(std::size_t size) {
        if (text_.size() - size_ < size) text_.resize(2 * text_.size() + size + 512);
        char* at = text_.data() + size_;
        size_ += size;
        return at;
    }

    std::string text_;  // its first size_ bytes are written
    std::size_t size_ = 0;
    std::string escaped_;
};

}  // namespace telltale::base
