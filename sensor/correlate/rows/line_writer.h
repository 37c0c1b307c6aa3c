// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/enumeration.h"
#include "sensor/model/addresses.h"
#include "sensor/model/event_words.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

// Writes the lines of a saved state, a JSON object each. An archive for the functions fields(archive, row).
class LineWriter {
  public:
    template <typename Value>
    void operator()(const char* name, Value& value) {
        json_.Key(name);
        put(value);
    }
    // A reference to a device: its number in the state, or in a row its id.
    void device(const char* name, std::uint32_t number) {
        json_.Key(name);
        device_id_ ? put(*device_id_) : put(number);
    }

    template <typename Enum>
    void word(const char* name, Enum value) {
        text(name, base::word_of(value));
    }

    template <typename Saved>
    void line(std::string_view kind, Saved& saved) {
        begin_line(kind);
        fields(*this, saved);
        end_line();
    }
    void begin_line(std::string_view kind) {
        json_.StartObject();
        text("kind", kind);
    }
    void text(const char* name, std::string_view value) {
        json_.Key(name);
        put(value);
    }
    void end_line() {
        json_.EndObject();
        buffer_.Put('\n');
        json_.Reset(buffer_);
        ++lines_;
    }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }
    [[nodiscard]] std::string str() const { return {buffer_.GetString(), buffer_.GetSize()}; }

    // Returns one line, without its end, whose references to devices are this id (empty: none). Forgets all lines.
    template <typename Saved>
    std::string row(std::string_view kind, std::string_view device_id, Saved& saved) {
        buffer_.Clear();
        device_id_ = device_id;
        line(kind, saved);
        device_id_.reset();
        return {buffer_.GetString(), buffer_.GetSize() - 1};
    }

  private:
    void put(std::string_view value) {
        json_.String(value.empty() ? "" : value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }
    void put(const std::string& value) { put(std::string_view(value)); }
    void put(const model::IpAddress& value) { put(value == model::IpAddress{} ? "" : model::to_string(value)); }
    void put(const model::MacAddress& value) { put(model::to_string(value)); }
    void put(model::Segment value) { put(value.number()); }
    void put(std::floating_point auto value) { json_.Double(static_cast<double>(value)); }
    void put(bool value) { json_.Bool(value); }
    void put(std::unsigned_integral auto value) { json_.Uint64(value); }
    void put(std::signed_integral auto value) { json_.Int64(value); }
    void put(model::Severity value) { json_.Uint64(base::index_of(value)); }
    template <typename Item>
    void put(std::vector<Item>& values) {
        json_.StartArray();
        for (Item& value : values) put(value);
        json_.EndArray();
    }
    template <typename Saved>
    requires requires(LineWriter& writer, Saved& saved) { fields(writer, saved); }
    void put(Saved& saved) {
        json_.StartObject();
        fields(*this, saved);
        json_.EndObject();
    }

    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> json_{buffer_};
    std::optional<std::string_view> device_id_;
    std::uint64_t lines_ = 0;
};

}  // namespace telltale::correlate
