// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/document.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "sensor/correlate/save/fields.h"

namespace telltale::correlate {

// Reads the fields of one JSON object; the first thing that is wrong stays in problem().
class FieldReader {
  public:
    using Json = rapidjson::Value;
    // Devices by their ids, for rows.
    using DeviceNumbers = std::unordered_map<std::string, DeviceIndex>;

    FieldReader(const Json& object, std::string& problem, const DeviceNumbers* numbers = nullptr)
        : object_(object), problem_(problem), numbers_(numbers) {}

    template <typename Value>
    void operator()(const char* name, Value& value) {
        const auto member = object_.FindMember(name);
        if (member == object_.MemberEnd()) return;
        ++known_;
        if (!get(member->value, value)) complain(name, "has a wrong value");
    }

    // A reference to a device: its number in the state, or in a row its id. A device that is not there is unknown().
    void device(const char* name, DeviceIndex& number) {
        if (numbers_ == nullptr) return (*this)(name, number);
        std::string id;
        (*this)(name, id);
        const auto found = numbers_->find(id);
        unknown_ = unknown_ || (found == numbers_->end() && !id.empty());
        number = found == numbers_->end() ? kNoDevice : found->second;
    }
    template <typename Enum>
    void word(const char* name, Enum& value) {
        std::string text;
        (*this)(name, text);
        const auto known = base::from_word<Enum>(text);
        known ? void(value = *known) : complain(name, "has a wrong value");
    }
    [[nodiscard]] bool unknown() const { return unknown_; }

    // After all fields were asked for; `others` were read elsewhere.
    void finish(std::size_t others) {
        if (problem_.empty() && object_.MemberCount() != known_ + others)
            problem_ = "there is a field that is not known";
    }

  private:
    void complain(std::string_view name, std::string_view what) {
        if (problem_.empty()) problem_ = "'" + std::string(name) + "' " + std::string(what);
    }

    static bool get(const Json& json, std::string& value) {
        if (!json.IsString()) return false;
        value.assign(json.GetString(), json.GetStringLength());
        return true;
    }
    static bool get(const Json& json, model::IpAddress& value) {
        std::string text;
        if (!get(json, text)) return false;
        if (text.empty()) return value = {}, true;
        const auto address = model::parse_ip(text);
        if (address) value = *address;
        return address.has_value();
    }
    static bool get(const Json& json, model::MacAddress& value) {
        std::string text;
        if (!get(json, text)) return false;
        const auto mac = model::parse_mac(text);
        if (mac) value = *mac;
        return mac.has_value();
    }
    static bool get(const Json& json, std::floating_point auto& value) {
        if (!json.IsNumber()) return false;
        value = static_cast<std::remove_reference_t<decltype(value)>>(json.GetDouble());
        return true;
    }
    static bool get(const Json& json, bool& value) {
        if (!json.IsBool()) return false;
        value = json.GetBool();
        return true;
    }
    template <std::unsigned_integral Number>
    static bool get(const Json& json, Number& value) {
        if (!json.IsUint64() || json.GetUint64() > std::numeric_limits<Number>::max()) return false;
        value = static_cast<Number>(json.GetUint64());
        return true;
    }
    static bool get(const Json& json, model::Segment& value) {
        std::uint32_t number = 0;
        if (!get(json, number)) return false;
        const auto segment = model::Segment::of_number(number);
        if (segment) value = *segment;
        return segment.has_value();
    }
    static bool get(const Json& json, std::int64_t& value) {
        if (!json.IsInt64()) return false;
        value = json.GetInt64();
        return true;
    }
    static bool get(const Json& json, model::Severity& value) {
        std::size_t number = 0;
        if (!get(json, number) || number >= base::kCount<model::Severity>) return false;
        value = static_cast<model::Severity>(number);
        return true;
    }
    template <typename Item>
    bool get(const Json& json, std::vector<Item>& values) {
        if (!json.IsArray()) return false;
        values.resize(json.Size());
        for (rapidjson::SizeType i = 0; i < json.Size(); ++i) {
            if (!get(json[i], values[i])) return false;
        }
        return true;
    }
    template <typename Saved>
    requires requires(FieldReader& reader, Saved& saved) { fields(reader, saved); }
    bool get(const Json& json, Saved& saved) {
        if (!json.IsObject()) return false;
        FieldReader reader(json, problem_);
        fields(reader, saved);
        reader.finish(0);
        return problem_.empty();
    }

    const Json& object_;
    std::string& problem_;
    const DeviceNumbers* numbers_;
    bool unknown_ = false;
    std::size_t known_ = 0;
};

}  // namespace telltale::correlate
