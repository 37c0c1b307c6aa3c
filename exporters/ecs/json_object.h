// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "sensor/base/utf8.h"

namespace telltale::ecs {

using Buffer = rapidjson::StringBuffer;
using Writer = rapidjson::Writer<Buffer>;

// The writer and a scratch for text, kept over events.
struct JsonOutput {
    Buffer buffer;
    Writer writer{buffer};
    std::string scratch;

    // Text of unknown origin: valid UTF-8, escaped, bounded.
    void text(std::string_view value, std::size_t max_characters) {
        scratch.clear();
        base::append_json_string(value, max_characters, scratch);
        writer.RawValue(scratch.data(), scratch.size(), rapidjson::kStringType);
    }
};

// A JSON object that is written only once it gets a member, so that nothing empty is emitted: empty text, unknown
// numbers and lists without items are left out. Lives on the stack; a child ends before its parent goes on. Keys are
// literals.
class JsonObject {
  public:
    explicit JsonObject(JsonOutput& output) : output_(output) {
        output_.writer.StartObject();
        open_ = true;
    }
    JsonObject(JsonObject& parent, std::string_view key) : output_(parent.output_), parent_(&parent), key_(key) {}
    ~JsonObject() {
        if (open_) output_.writer.EndObject();
    }
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    // Left out when empty.
    void text(std::string_view name, std::string_view value, std::size_t max_characters) {
        if (value.empty()) return;
        key(name);
        output_.text(value, max_characters);
    }
    void number(std::string_view name, std::uint64_t value) {
        key(name);
        output_.writer.Uint64(value);
    }
    void signed_number(std::string_view name, std::int64_t value) {
        key(name);
        output_.writer.Int64(value);
    }
    // Left out when it is no number: JSON has no word for that.
    void real(std::string_view name, double value) {
        if (!std::isfinite(value)) return;
        key(name);
        output_.writer.Double(value);
    }
    void boolean(std::string_view name, bool value) {
        key(name);
        output_.writer.Bool(value);
    }
    // `write(output, item)` writes one item; left out when there are none.
    template <typename Items, typename Write>
    void list(std::string_view name, const Items& items, Write&& write) {
        if (items.empty()) return;
        key(name);
        output_.writer.StartArray();
        for (const auto& item : items) write(output_, item);
        output_.writer.EndArray();
    }

  private:
    void key(std::string_view name) {
        open();
        output_.writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    }
    void open() {
        if (open_) return;
        parent_->key(key_);
        output_.writer.StartObject();
        open_ = true;
    }

    JsonOutput& output_;
    JsonObject* parent_ = nullptr;
    std::string_view key_;
    bool open_ = false;
};

}  // namespace telltale::ecs
