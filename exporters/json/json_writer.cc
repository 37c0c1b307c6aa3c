// SPDX-License-Identifier: Apache-2.0
#include "exporters/json/json_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "exporters/json/escaped_text.h"
#include "exporters/json/plain_text.h"

namespace telltale::json {
namespace {

constexpr std::size_t kAroundText = 3;  // quotes and comma

}  // namespace

std::string_view JsonWriter::str() const {
    const std::size_t bytes = size();
    return {buffer_.get(), bytes != 0 && at_[-1] == ',' ? bytes - 1 : bytes};
}

void JsonWriter::named(std::string_view name) {
    string(name);
    at_[-1] = ':';
}

[[gnu::always_inline]] inline void JsonWriter::put(std::string_view value, std::size_t max_characters) {
    char* const at = at_;
    if (value.size() > max_characters || !PlainText::copy(value, at + 1)) [[unlikely]]
        return escape(value, max_characters);
    char* const end = at + 1 + value.size();
    *at = '"';
    end[0] = '"';
    end[1] = ',';
    at_ = end + 2;
}

void JsonWriter::string(std::string_view value, std::size_t max_characters) {
    reserve(value.size() + kAroundText);
    put(value, max_characters);
}

void JsonWriter::string(const Key& name, std::string_view value, std::size_t max_characters) {
    reserve(Key::kRoom + value.size() + kAroundText);
    put(name);
    put(value, max_characters);
}

void JsonWriter::escape(std::string_view value, std::size_t max_characters) {
    escaped_.clear();
    append_escaped(value, max_characters, escaped_);
    escaped_ += ',';
    append(escaped_);
}

void JsonWriter::number(std::uint64_t value) {
    reserve(kMaxDigits + 1);
    put_number(value);
}

void JsonWriter::number(const Key& name, std::uint64_t value) {
    reserve(Key::kRoom + kMaxDigits + 1);
    put(name);
    put_number(value);
}

void JsonWriter::signed_number(std::int64_t value) {
    if (value >= 0) return number(static_cast<std::uint64_t>(value));
    begin('-');
    number(-static_cast<std::uint64_t>(value));
}

void JsonWriter::signed_number(const Key& name, std::int64_t value) {
    if (value >= 0) return number(name, static_cast<std::uint64_t>(value));
    key(name);
    signed_number(value);
}

void JsonWriter::real(double value) {
    static constexpr std::size_t kMaxReal = 32;
    const double size = std::abs(value);
    const bool fixed = size == 0 || (size >= 1e-6 && size < 1e21);
    reserve(kMaxReal + 3);
    char* const first = at_;
    const auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
    at_ = std::to_chars(first, first + kMaxReal, value, format).ptr;
    if (fixed && std::find(first, at_, '.') == at_) {
        *at_++ = '.';
        *at_++ = '0';
    }
    *at_++ = ',';
}

void JsonWriter::thousandths(std::uint32_t value) {
    reserve(kMaxDigits + 5);
    char* at = put_digits(at_, value / 1000);
    const std::uint32_t fraction = value % 1000;
    *at++ = '.';
    *at++ = static_cast<char>('0' + fraction / 100);
    put_pair(at, fraction % 100);
    if (fraction % 100 != 0) at += fraction % 10 == 0 ? 1 : 2;
    *at++ = ',';
    at_ = at;
}

void JsonWriter::grow(std::size_t bytes) {
    const std::size_t used = size();
    const std::size_t capacity = std::max<std::size_t>(1024, (used + bytes) * 2);
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (used != 0) std::memcpy(larger.get(), buffer_.get(), used);
    buffer_ = std::move(larger);
    at_ = buffer_.get() + used;
    end_ = buffer_.get() + capacity;
}

}  // namespace telltale::json
