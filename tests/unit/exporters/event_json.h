// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <functional>
#include <string>

#include "exporters/ecs/json_format.h"
#include "tests/unit/exporters/sample_events.h"

// Events as JSON, read again.
namespace telltale::ecs {

inline std::string json_of(const model::Event& event) {
    std::string out;
    JsonFormat(samples::observer()).render(event, 1, out);
    return out;
}

inline rapidjson::Document parsed(const std::string& json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
    EXPECT_FALSE(document.HasParseError()) << json;
    return document;
}

using Leaf = std::function<void(const std::string& path, const rapidjson::Value& value, bool in_list)>;

inline void for_each_leaf(const rapidjson::Value& value, const std::string& path, bool in_list, const Leaf& visit) {
    if (value.IsObject()) {
        EXPECT_NE(value.MemberCount(), 0U) << path << " is an empty object";
        for (const auto& member : value.GetObject()) {
            for_each_leaf(member.value, path + (path.empty() ? "" : ".") + member.name.GetString(), in_list, visit);
        }
    } else if (value.IsArray()) {
        EXPECT_FALSE(value.Empty()) << path << " is an empty list";
        for (const rapidjson::Value& item : value.GetArray()) for_each_leaf(item, path, true, visit);
    } else {
        visit(path, value, in_list);
    }
}

inline std::string at(const rapidjson::Document& document, const char* pointer) {
    const rapidjson::Value* value = rapidjson::Pointer(pointer).Get(document);
    if (value == nullptr) return "absent";
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value->Accept(writer);
    return buffer.GetString();
}

}  // namespace telltale::ecs
