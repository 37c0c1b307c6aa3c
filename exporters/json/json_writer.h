// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sensor/base/utf8.h"

namespace telltale::json {

// Writes one JSON text (RFC 8259) front to back on one line, through RapidJSON, into a buffer that is kept. What it
// adds: text may be anything, of unknown encoding and hostile (append_json_string: valid UTF-8, and everything that
// acts instead of showing is escaped). The caller closes what it opens. Keys are literals. One thread.
class JsonWriter {
  public:
    static constexpr std::size_t kUnbounded = static_cast<std::size_t>(-1);

    JsonWriter() : writer_(buffer_) {}
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    // Valid until the next call that writes.
    [[nodiscard]] std::string_view str() const { return {buffer_.GetString(), buffer_.GetSize()}; }
    void clear() {
        buffer_.Clear();
        writer_.Reset(buffer_);
    }

    void begin(char bracket) { bracket == '{' ? writer_.StartObject() : writer_.StartArray(); }
    void end(char bracket) { bracket == '}' ? writer_.EndObject() : writer_.EndArray(); }
    void key(std::string_view name) { writer_.Key(name.data(), size_of(name)); }
    void string(std::string_view value, std::size_t max_characters = kUnbounded) {
        if (value.size() <= max_characters && base::plain_json_bytes(value) == value.size()) {
            writer_.String(value.empty() ? "" : value.data(), size_of(value));
            return;
        }
        escaped_.clear();
        base::append_json_string(value, max_characters, escaped_);
        raw(escaped_);
    }
    // A value that is JSON already.
    void raw(std::string_view json) { writer_.RawValue(json.data(), json.size(), rapidjson::kStringType); }
    void number(std::uint64_t value) { writer_.Uint64(value); }
    void signed_number(std::int64_t value) { writer_.Int64(value); }
    // Finite numbers only: JSON has no word for others.
    void real(double value) { writer_.Double(value); }
    void boolean(bool value) { writer_.Bool(value); }

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
    static rapidjson::SizeType size_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_;
    std::string escaped_;
};

}  // namespace telltale::json
