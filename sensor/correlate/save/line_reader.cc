// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/save/line_reader.h"

#include <rapidjson/error/en.h>

#include <algorithm>
#include <utility>

namespace telltale::correlate {
namespace {

// The object's kind; empty if it has none.
std::string_view kind_of(const rapidjson::Value& json) {
    if (!json.IsObject()) return {};
    const auto kind = json.FindMember("kind");
    if (kind == json.MemberEnd() || !kind->value.IsString()) return {};
    return {kind->value.GetString(), kind->value.GetStringLength()};
}

// Returns the problem of the line, or nothing.
std::string parse(std::string_view line, rapidjson::Document& json) {
    json.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
    if (json.HasParseError()) return std::string("is no JSON: ") + rapidjson::GetParseError_En(json.GetParseError());
    return kind_of(json).empty() ? "is no object with a 'kind'" : "";
}

template <typename Saved, typename Key>
void sort_by(std::vector<Saved>& list, Key&& key) {
    std::stable_sort(list.begin(), list.end(),
                     [&](const Saved& left, const Saved& right) { return key(left) < key(right); });
}

}  // namespace

std::string LineReader::take(std::string_view line) {
    rapidjson::Document json;
    std::string problem = parse(line, json);
    if (!problem.empty()) return problem;
    if (ended_) return "follows the end";
    problem = lines_ == 0 ? head(json, kind_of(json)) : body(json, kind_of(json));
    ++lines_;
    return problem;
}

std::string LineReader::take_row(std::string_view line) {
    rapidjson::Document json;
    std::string problem = parse(line, json);
    if (!problem.empty()) return problem;
    const std::string_view kind = kind_of(json);
    if (kind == "state") return head(json, kind);
    if (kind == "device") return add_device_row(json);
    if (kind == "report") return add_report(json);
    if (kind == "evidence") return add_evidence(json);
    return add_any(json, kind, &numbers_);
}

void LineReader::end_rows() {
    sort_by(state_.names, [](const KeptName& name) { return name.expires_ns; });
    sort_by(state_.contacts, [](const KeptContact& contact) { return contact.flow.start_ns; });
    sort_by(state_.alerts, [](const KeptAlert& alert) { return alert.alert.first_seen_ns; });
}

std::string LineReader::head(const Json& json, std::string_view kind) {
    std::string problem;
    FieldReader reader(json, problem);
    StateHead head;
    fields(reader, head);
    reader.finish(1);
    if (kind != "state" || head.version != kStateVersion) {
        return "is not the head of a saved state of version " + std::to_string(kStateVersion);
    }
    state_.site = std::move(head.site);
    state_.segments = std::move(head.segments);
    return problem;
}

std::string LineReader::body(const Json& json, std::string_view kind) {
    if (kind == "end") return end(json);
    if (kind == "device") return add(json, state_.devices, nullptr);
    return add_any(json, kind, nullptr);
}

std::string LineReader::end(const Json& json) {
    std::string problem;
    std::uint64_t lines = 0;
    FieldReader reader(json, problem);
    reader("lines", lines);
    reader.finish(1);
    if (problem.empty() && lines != lines_) problem = "ends a state of " + std::to_string(lines) + " lines";
    ended_ = problem.empty();
    return problem;
}

std::string LineReader::add_any(const Json& json, std::string_view kind, const FieldReader::DeviceNumbers* numbers) {
    if (kind == "mac") return add(json, state_.macs, numbers);
    if (kind == "address") return add(json, state_.addresses, numbers);
    if (kind == "prefix") return add(json, state_.prefixes, numbers);
    if (kind == "name") return add(json, state_.names, numbers);
    if (kind == "contact") return add(json, state_.contacts, numbers);
    if (kind == "alert") return add(json, state_.alerts, numbers);
    return "has an unknown kind";
}

std::string LineReader::add_device_row(const Json& json) {
    std::string problem;
    FieldReader reader(json, problem);
    KeptDevice& device = state_.devices.emplace_back().who;
    fields(reader, device);
    reader.finish(1);
    numbers_.emplace(device.id, static_cast<DeviceIndex>(state_.devices.size()));
    return problem;
}

template <typename Row>
std::string LineReader::read_row(const Json& json, Row& row) const {
    std::string problem;
    FieldReader reader(json, problem, &numbers_);
    fields(reader, row);
    reader.finish(1);
    return problem;
}

std::string LineReader::add_report(const Json& json) {
    ReportRow row;
    std::string problem = read_row(json, row);
    if (row.device == kNoDevice) return problem;
    KeptProfile& profile = state_.devices[row.device - 1].what;
    row.profile.evidence = std::move(profile.evidence);
    profile = std::move(row.profile);
    return problem;
}

std::string LineReader::add_evidence(const Json& json) {
    EvidenceRow row;
    std::string problem = read_row(json, row);
    if (row.device != kNoDevice) state_.devices[row.device - 1].what.evidence = std::move(row.evidence);
    return problem;
}

template <typename Saved>
std::string LineReader::add(const Json& json, std::vector<Saved>& list, const FieldReader::DeviceNumbers* numbers) {
    std::string problem;
    FieldReader reader(json, problem, numbers);
    fields(reader, list.emplace_back());
    reader.finish(1);
    if constexpr (requires { list.back().device; }) {
        if (problem.empty() && list.back().device > state_.devices.size()) {
            problem = "names a device that is not there";
        }
    }
    if (reader.unknown()) list.pop_back();
    return problem;
}

}  // namespace telltale::correlate
