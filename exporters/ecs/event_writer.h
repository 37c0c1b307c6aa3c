// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "exporters/ecs/address_texts.h"
#include "exporters/ecs/calendar.h"
#include "exporters/ecs/json_format.h"
#include "exporters/json/json_writer.h"
#include "sensor/model/addresses.h"

namespace telltale::ecs {

using json::operator""_key;

// Writes JSON and what events are made of, in ECS notation. Kept between events.
class EventWriter : public json::JsonWriter {
  public:
    void text(std::string_view value) { string(value, kMaxTextCharacters); }
    void time(std::int64_t time_ns);
    void ip(const model::IpAddress& address);
    void mac(const model::MacAddress& address);

  private:
    Calendar calendar_;
    AddressTexts addresses_;
};

// An object's name, bracket and first members as they are in many events, written before (FixedParts).
struct Opening {
    std::string_view json;
};

// A JSON object that leaves out what is empty: text without characters, numbers that are not finite, lists without
// items, and itself if it got no member. Lives on the stack; a child ends before its parent goes on.
class JsonObject {
  public:
    explicit JsonObject(EventWriter& writer) : writer_(writer), start_(writer.size()), first_member_(start_) {
        writer_.begin('{');
    }
    JsonObject(JsonObject& parent, const json::Key& name) : writer_(parent.writer_), start_(writer_.size()) {
        writer_.begin(name, '{');
        first_member_ = writer_.size();
    }
    JsonObject(JsonObject& parent, Opening opening)
        : writer_(parent.writer_), start_(writer_.size()), first_member_(start_) {
        writer_.append(opening.json);
    }
    ~JsonObject() { writer_.size() == first_member_ ? writer_.take_back(start_) : writer_.end('}'); }
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    void text(const json::Key& name, std::string_view value, std::size_t max_characters = kMaxTextCharacters) {
        if (!value.empty()) writer_.string(name, value, max_characters);
    }
    void number(const json::Key& name, std::uint64_t value) { writer_.number(name, value); }
    void signed_number(const json::Key& name, std::int64_t value) { writer_.signed_number(name, value); }
    // Deltas can take back what was reported before (Transfer::late): then they are negative.
    void delta(const json::Key& name, std::uint64_t value) { signed_number(name, static_cast<std::int64_t>(value)); }
    void boolean(const json::Key& name, bool value) { writer_.boolean(name, value); }
    // Weights and confidences, rounded to thousandths: more digits would pretend to know more.
    void share(const json::Key& name, double value);
    void time(const json::Key& name, std::int64_t time_ns);
    // Left out if unknown: 0.
    void known_time(const json::Key& name, std::int64_t time_ns) {
        if (time_ns != 0) time(name, time_ns);
    }
    // Left out if unspecified, or unknown.
    void ip(const json::Key& name, const model::IpAddress& address);
    void mac(const json::Key& name, const model::MacAddress& address);
    // `write(writer, item)` writes one item.
    template <typename Items, typename Write>
    void list(const json::Key& name, const Items& items, Write&& write) {
        if (items.empty()) return;
        writer_.begin(name, '[');
        for (const auto& item : items) write(writer_, item);
        writer_.end(']');
    }
    template <typename Texts>
    void texts(const json::Key& name, const Texts& items) {
        list(name, items, [](EventWriter& writer, std::string_view item) { writer.text(item); });
    }
    // For members that are written past this object.
    [[nodiscard]] EventWriter& writer() { return writer_; }

  private:
    EventWriter& writer_;
    std::size_t start_;         // the writer's size before this object
    std::size_t first_member_;  // and before its members
};

}  // namespace telltale::ecs
