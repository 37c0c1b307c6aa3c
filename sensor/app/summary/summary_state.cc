// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/summary/summary_state.h"

#include <algorithm>

#include "sensor/app/summary/text_table.h"
#include "signatures/said.h"
#include "signatures/vocabulary.h"

namespace telltale::app {
namespace {

// Countries that are shown by name; others are shown by their code (ISO 3166-1).
constexpr auto kCountries = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"AT", "Austria"},       {"AU", "Australia"},   {"BE", "Belgium"}, {"BR", "Brazil"},         {"CA", "Canada"},
    {"CH", "Switzerland"},   {"CN", "China"},       {"CZ", "Czechia"}, {"DE", "Germany"},        {"DK", "Denmark"},
    {"ES", "Spain"},         {"FI", "Finland"},     {"FR", "France"},  {"GB", "United Kingdom"}, {"HK", "Hong Kong"},
    {"IE", "Ireland"},       {"IL", "Israel"},      {"IN", "India"},   {"IT", "Italy"},          {"JP", "Japan"},
    {"KR", "South Korea"},   {"NL", "Netherlands"}, {"NO", "Norway"},  {"PL", "Poland"},         {"RU", "Russia"},
    {"SE", "Sweden"},        {"SG", "Singapore"},   {"TR", "Turkey"},  {"TW", "Taiwan"},         {"UA", "Ukraine"},
    {"US", "United States"}, {"VN", "Vietnam"},
});

std::int64_t bytes_of(const Traffic& traffic) { return traffic.both(); }
std::int64_t bytes_of(const DeviceRow& row) { return row.traffic.both(); }
std::int64_t bytes_of(const OwnerRow& row) { return row.traffic.both(); }

template <typename Row>
std::vector<std::pair<std::string_view, const Row*>> most_bytes_first(
    std::vector<std::pair<std::string_view, const Row*>> list) {
    std::sort(list.begin(), list.end(), [](const auto& left, const auto& right) {
        const std::int64_t more = bytes_of(*left.second);
        const std::int64_t less = bytes_of(*right.second);
        return more != less ? more > less : left.first < right.first;
    });
    return list;
}

template <typename Row>
std::vector<std::pair<std::string_view, const Row*>> most_bytes_first(const std::map<std::string, Row>& rows) {
    std::vector<std::pair<std::string_view, const Row*>> list;
    for (const auto& [key, row] : rows) list.emplace_back(key, &row);
    return most_bytes_first(std::move(list));
}

}  // namespace

std::vector<std::pair<std::string_view, const DeviceRow*>> sorted(const DeviceRows& rows) {
    std::vector<std::pair<std::string_view, const DeviceRow*>> list;
    list.reserve(rows.size());
    for (const DeviceRow& row : rows) list.emplace_back(row.device->id, &row);
    return most_bytes_first(std::move(list));
}
std::vector<std::pair<std::string_view, const OwnerRow*>> sorted(const std::map<std::string, OwnerRow>& rows) {
    return most_bytes_first(rows);
}
std::vector<std::pair<std::string_view, const Traffic*>> sorted(const std::map<std::string, Traffic>& rows) {
    return most_bytes_first(rows);
}
std::vector<std::pair<std::string_view, const Traffic*>> sorted(const std::vector<DeviceRow::Share>& shares) {
    std::vector<std::pair<std::string_view, const Traffic*>> list;
    for (const DeviceRow::Share& share : shares) {
        if (share.traffic) list.emplace_back(share.owner->id, &*share.traffic);
    }
    return most_bytes_first(std::move(list));
}

std::vector<std::string_view> sorted(const Names& names) {
    std::vector<std::pair<std::int64_t, std::string_view>> list;
    for (const auto& [name, weight] : names) list.emplace_back(-weight, name);
    std::sort(list.begin(), list.end());
    std::vector<std::string_view> result;
    for (const auto& [weight, name] : list) result.push_back(name);
    return result;
}

std::vector<const AlertRow*> sorted(const std::map<std::string, AlertRow>& rows) {
    std::vector<const AlertRow*> list;
    for (const auto& [id, row] : rows) list.push_back(&row);
    std::stable_sort(list.begin(), list.end(), [](const AlertRow* left, const AlertRow* right) {
        const model::Alert& a = left->alert;
        const model::Alert& b = right->alert;
        if (a.severity != b.severity) return a.severity > b.severity;
        if (a.policy_id != b.policy_id) return a.policy_id < b.policy_id;
        return a.first_seen_ns < b.first_seen_ns;
    });
    return list;
}

const OwnerRow* Summary::State::owner(std::string_view id) const {
    const auto found = owners.find(std::string(id));
    return found == owners.end() ? nullptr : &found->second;
}

Traffic Summary::State::owner_traffic(std::string_view id) const {
    const OwnerRow* row = owner(id);
    return row == nullptr ? Traffic{} : row->traffic;
}

Traffic Summary::State::outside() const {
    Traffic sum;
    for (const auto& [id, row] : owners) {
        if (!model::is_reserved_owner(id) || id == model::kOwnerUnattributed) sum += row.traffic;
    }
    return sum;
}

std::string_view confidence_word(double confidence) {
    if (confidence >= 0.9) return "certain";
    if (confidence >= 0.6) return "likely";
    return confidence > 0 ? "possible" : "unknown";
}

std::string owner_label(const Summary::State& state, std::string_view owner_id) {
    if (const auto reserved = base::from_word<model::ReservedOwner>(owner_id)) {
        return std::string(model::kReservedOwnerHeading[*reserved]);
    }
    const OwnerRow* row = state.owner(owner_id);
    return shown(row != nullptr && !row->name.empty() ? std::string_view(row->name) : owner_id);
}

std::string country_name(std::string_view code) {
    const auto known =
        std::find_if(kCountries.begin(), kCountries.end(), [&](const auto& country) { return country.first == code; });
    return known != kCountries.end() ? std::string(known->second) : shown(code);
}

std::string os_name(std::string_view family) {
    const auto known = base::from_word<signatures::System>(family);
    return known ? std::string(signatures::kSystemInWords[*known]) : shown(family);
}

std::string evidence_words(std::string_view source) {
    const auto known = base::from_word<signatures::EvidenceSource>(source);
    return known ? std::string(signatures::kEvidenceInWords[*known]) : shown(source);
}

std::string device_name(const model::DeviceView& device) {
    if (!device.host_name.empty()) return shown(device.host_name);
    if (!device.model.empty()) return shown(device.model);
    if (!device.maker_name.empty()) {
        const std::string kind = device.device_class.empty() ? "device" : shown(device.device_class);
        return shown(device.maker_name) + " " + kind;
    }
    if (!device.device_class.empty()) return "unnamed " + shown(device.device_class);
    if (!device.macs.empty()) return model::to_string(device.macs.front());
    if (!device.addresses.empty()) return model::to_string(device.addresses.front());
    return "device " + shown(std::string_view(device.id).substr(0, 12));
}

}  // namespace telltale::app
