// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
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

    [[nodiscard]] const std::string& str() const { return text_; }
    void clear() { text_.clear(); }

    void begin(char bracket) {
        separate();
        text_ += bracket;
    }
    void end(char bracket) { text_ += bracket; }
    // A literal.
    void key(std::string_view name) {
        separate();
        text_ += '"';
        text_ += name;
        text_ += "\":";
    }
    void string(std::string_view value, std::size_t max_characters = kUnbounded) {
        separate();
        append_json_string(value, max_characters, text_);
    }
    // A value that is JSON already.
    void raw(std::string_view json) {
        separate();
        text_ += json;
    }
    void number(std::uint64_t value) { integer(value); }
    void signed_number(std::int64_t value) { integer(value); }
    // The shortest text that reads back as the same number; null when it is none.
    void real(double value) {
        separate();
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
        text_ += std::isfinite(value) ? std::string_view(digits, end) : std::string_view("null");
    }
    void boolean(bool value) {
        separate();
        text_ += value ? "true" : "false";
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
        if (text_.empty()) return;
        const char last = text_.back();
        if (last != '{' && last != '[' && last != ':') text_ += ',';
    }

    std::string text_;
};

}  // namespace telltale::base
