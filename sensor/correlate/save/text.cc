// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/save/text.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <limits>
#include <optional>

#include "sensor/correlate/save/fields.h"

namespace telltale::correlate {
namespace {

using Json = rapidjson::Value;

class LineWriter {
  public:
    template <typename Value>
    void operator()(const char* name, Value& value) {
        json_.Key(name);
        put(value);
    }

    template <typename Saved>
    void line(const char* kind, Saved& saved) {
        json_.StartObject();
        text("kind", kind);
        fields(*this, saved);
        end_line();
    }
    void begin_line(const char* kind) {
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
    void put(EvidenceItem& item) {
        json_.StartObject();
        const std::string source(to_string(item.source));
        fields_of_evidence(*this, source, item);
        json_.EndObject();
    }
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
    std::uint64_t lines_ = 0;
};

// Reads the fields of one JSON object; the first thing that is wrong stays in problem().
class FieldReader {
  public:
    explicit FieldReader(const Json& object, std::string& problem) : object_(object), problem_(problem) {}

    template <typename Value>
    void operator()(const char* name, Value& value) {
        const auto member = object_.FindMember(name);
        if (member == object_.MemberEnd()) return;
        ++known_;
        if (!get(member->value, value)) complain(name, "has a wrong value");
    }

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
    bool get(const Json& json, EvidenceItem& item) {
        if (!json.IsObject()) return false;
        FieldReader reader(json, problem_);
        std::string source;
        fields_of_evidence(reader, source, item);
        reader.finish(0);
        const auto known = base::from_word<EvidenceSource>(source);
        if (known) item.source = *known;
        return known.has_value() && problem_.empty();
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
    std::size_t known_ = 0;
};

class StateReader {
  public:
    // The text's next line; what is wrong with it, or empty.
    std::string take(std::string_view line) {
        rapidjson::Document json;
        json.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
        if (json.HasParseError())
            return std::string("is no JSON: ") + rapidjson::GetParseError_En(json.GetParseError());
        if (!json.IsObject() || !json.HasMember("kind") || !json["kind"].IsString())
            return "is no object with a 'kind'";
        if (ended_) return "follows the end";
        const std::string_view kind(json["kind"].GetString(), json["kind"].GetStringLength());
        const std::string problem = lines_ == 0 ? head(json, kind) : body(json, kind);
        ++lines_;
        return problem;
    }
    [[nodiscard]] bool ended() const { return ended_; }
    SavedState& state() { return state_; }

  private:
    std::string head(const Json& json, std::string_view kind) {
        std::string problem;
        unsigned version = 0;
        FieldReader reader(json, problem);
        reader("version", version);
        if (kind != "state" || version != kStateVersion) {
            return "is not the head of a saved state of version " + std::to_string(kStateVersion);
        }
        reader("site", state_.site);
        reader("segments", state_.segments);
        reader.finish(1);
        return problem;
    }
    std::string body(const Json& json, std::string_view kind) {
        if (kind == "device") return add(json, state_.devices);
        if (kind == "mac") return add(json, state_.macs);
        if (kind == "address") return add(json, state_.addresses);
        if (kind == "prefix") return add(json, state_.prefixes);
        if (kind == "name") return add(json, state_.names);
        if (kind == "contact") return add(json, state_.contacts);
        if (kind == "alert") return add(json, state_.alerts);
        if (kind != "end") return "has an unknown kind";
        std::string problem;
        std::uint64_t lines = 0;
        FieldReader reader(json, problem);
        reader("lines", lines);
        reader.finish(1);
        if (problem.empty() && lines != lines_) problem = "ends a state of " + std::to_string(lines) + " lines";
        ended_ = problem.empty();
        return problem;
    }
    template <typename Saved>
    std::string add(const Json& json, std::vector<Saved>& list) {
        std::string problem;
        FieldReader reader(json, problem);
        fields(reader, list.emplace_back());
        reader.finish(1);
        if constexpr (requires { list.back().device; }) {
            if (problem.empty() && list.back().device > state_.devices.size())
                problem = "names a device that is not there";
        }
        return problem;
    }

    SavedState state_;
    std::uint64_t lines_ = 0;
    bool ended_ = false;
};

}  // namespace

std::string write_state(const SavedState& state) {
    LineWriter writer;
    writer.begin_line("state");
    unsigned version = kStateVersion;
    writer("version", version);
    writer.text("site", state.site);
    writer.text("segments", state.segments);
    writer.end_line();
    const auto write_all = [&writer](const char* kind, const auto& list) {
        for (auto saved : list) writer.line(kind, saved);
    };
    write_all("device", state.devices);
    write_all("mac", state.macs);
    write_all("address", state.addresses);
    write_all("prefix", state.prefixes);
    write_all("name", state.names);
    write_all("contact", state.contacts);
    write_all("alert", state.alerts);
    std::uint64_t lines = writer.lines();
    writer.begin_line("end");
    writer("lines", lines);
    writer.end_line();
    return writer.str();
}

base::Result<SavedState> read_state(std::string_view text, std::string_view source) {
    StateReader reader;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        ++number;
        const std::string problem = reader.take(text.substr(begin, end - begin));
        if (!problem.empty()) {
            return base::Error{std::string(source) + ":" + std::to_string(number) + ": the saved state's line " +
                               problem};
        }
        begin = end + 1;
    }
    if (!reader.ended()) return base::Error{std::string(source) + ": the saved state is incomplete: it has no end"};
    return std::move(reader.state());
}

}  // namespace telltale::correlate
