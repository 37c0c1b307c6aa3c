// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "exporters/json/json_writer.h"

namespace telltale::ecs {

// The writer, kept over events.
struct JsonOutput {
    telltale::json::JsonWriter writer;

    // Text of unknown origin: valid UTF-8, escaped, bounded.
    void text(std::string_view value, std::size_t max_characters) { writer.string(value, max_characters); }
};

// A JSON object that is written only once it gets a member, so that nothing empty is emitted: empty text, unknown
// numbers and lists without items are left out. Lives on the stack; a child ends before its parent goes on. Keys are
// literals.
class JsonObject {
  public:
    explicit JsonObject(JsonOutput& output) : output_(output) {
        output_.writer.begin('{');
        open_ = true;
    }
    JsonObject(JsonObject& parent, std::string_view key) : output_(parent.output_), parent_(&parent), key_(key) {}
    ~JsonObject() {
        if (open_) output_.writer.end('}');
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
        output_.writer.number(value);
    }
    void signed_number(std::string_view name, std::int64_t value) {
        key(name);
        output_.writer.signed_number(value);
    }
    // Left out when it is no number: JSON has no word for that.
    void real(std::string_view name, double value) {
        if (!std::isfinite(value)) return;
        key(name);
        // Weights and confidences: more digits would pretend to know more.
        output_.writer.real(std::round(value * 1000) / 1000);
    }
    // A member that is JSON already.
    void raw(std::string_view name, std::string_view json) {
        key(name);
        output_.writer.raw(json);
    }
    void boolean(std::string_view name, bool value) {
        key(name);
        output_.writer.boolean(value);
    }
    // `write(output, item)` writes one item; left out when there are none.
    template <typename Items, typename Write>
    void list(std::string_view name, const Items& items, Write&& write) {
        if (items.empty()) return;
        key(name);
        output_.writer.begin('[');
        for (const auto& item : items) write(output_, item);
        output_.writer.end(']');
    }

  private:
    void key(std::string_view name) {
        open();
        output_.writer.key(name);
    }
    void open() {
        if (open_) return;
        parent_->key(key_);
        output_.writer.begin('{');
        open_ = true;
    }

    JsonOutput& output_;
    JsonObject* parent_ = nullptr;
    std::string_view key_;
    bool open_ = false;
};

}  // namespace telltale::ecs
