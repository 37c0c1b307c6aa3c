// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "exporters/json/digits.h"
#include "exporters/json/key.h"

namespace telltale::json {

// Writes one JSON text (RFC 8259) front to back, on one line, into a buffer that clear() keeps. The caller closes what
// it opens and gives every value in an object a key. Text may be anything, of unknown encoding and hostile (see
// escaped_text.h). Single-threaded.
//
// Every value is followed by a comma, which the closing bracket replaces. So no value depends on what precedes it, and
// a piece of JSON that was written once can be appended anywhere.
class JsonWriter {
  public:
    static constexpr std::size_t kUnbounded = static_cast<std::size_t>(-1);
    static constexpr std::size_t kMaxShortText = 64;

    JsonWriter() = default;
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    // Returns the text without the comma after its last value. Valid until the next call that writes.
    [[nodiscard]] std::string_view str() const;
    void clear() { at_ = buffer_.get(); }

    void begin(char bracket) {
        reserve(1);
        *at_++ = bracket;
    }
    void begin(const Key& name, char bracket) {
        reserve(Key::kRoom + 1);
        put(name);
        *at_++ = bracket;
    }
    void end(char bracket) {
        reserve(2);
        if (at_[-1] == ',') --at_;
        *at_++ = bracket;
        *at_++ = ',';
    }

    void key(const Key& name) {
        reserve(Key::kRoom);
        put(name);
    }
    // A name that is not a literal, escaped like any text.
    void named(std::string_view name);

    // Text of more than `max_characters` is cut.
    void string(std::string_view value, std::size_t max_characters = kUnbounded);
    void string(const Key& name, std::string_view value, std::size_t max_characters = kUnbounded);
    void number(std::uint64_t value);
    void number(const Key& name, std::uint64_t value);
    void signed_number(std::int64_t value);
    void signed_number(const Key& name, std::int64_t value);
    // The shortest digits that read back as the same number, with a fraction. Finite numbers only: JSON has no others.
    void real(double value);
    void real(const Key& name, double value) {
        key(name);
        real(value);
    }
    // The same for a number of thousandths: 450 is 0.45, 1000 is 1.0.
    void thousandths(std::uint32_t value);
    void boolean(bool value) {
        static constexpr std::size_t kRoom = 8;
        reserve(kRoom);
        std::memcpy(at_, value ? "true,  " : "false, ", kRoom);
        at_ += value ? 5 : 6;
    }
    void boolean(const Key& name, bool value) {
        key(name);
        boolean(value);
    }
    // A string that `put` writes: plain text of at most kMaxShortText bytes. `put(at)` returns where it ends.
    template <typename Put>
    void short_text(Put&& put) {
        reserve(kMaxShortText + 3);
        char* at = at_;
        *at = '"';
        at = put(at + 1);
        *at++ = '"';
        *at++ = ',';
        at_ = at;
    }

    // Appends bytes as they are: whole members or items, each with its comma, or a part of one that the next calls
    // complete.
    void append(std::string_view json) {
        reserve(json.size());
        std::memcpy(at_, json.data(), json.size());
        at_ += json.size();
    }
    // Appends a number's digits alone.
    void append_digits(std::uint64_t value) {
        reserve(kMaxDigits);
        at_ = put_digits(at_, value);
    }

    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - buffer_.get()); }
    // Removes what was written since size() had this value.
    void take_back(std::size_t size) { at_ = buffer_.get() + size; }

  private:
    void reserve(std::size_t bytes) {
        if (static_cast<std::size_t>(end_ - at_) < bytes) [[unlikely]]
            grow(bytes);
    }
    void grow(std::size_t bytes);
    // These need room that is reserved.
    void put(const Key& name) {
        std::memcpy(at_, &name, Key::kRoom);
        at_ += name.size;
    }
    void put(std::string_view value, std::size_t max_characters);
    void put_number(std::uint64_t value) {
        at_ = put_digits(at_, value);
        *at_++ = ',';
    }
    void escape(std::string_view value, std::size_t max_characters);

    std::unique_ptr<char[]> buffer_;
    char* at_ = nullptr;
    char* end_ = nullptr;
    std::string escaped_;
};

}  // namespace telltale::json
