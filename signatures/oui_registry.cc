// SPDX-License-Identifier: Apache-2.0
#include "signatures/oui_registry.h"

#include <algorithm>
#include <fstream>
#include <numeric>
#include <optional>
#include <system_error>
#include <utility>

namespace telltale::signatures {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = 16U << 20U;
constexpr std::array<std::uint32_t, 3> kLengths = {36, 28, 24};

std::optional<std::string> read_whole(const fs::path& path) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    if (error || size > kLargestFile) return std::nullopt;
    std::string content(static_cast<std::size_t>(size), '\0');
    std::ifstream stream(path, std::ios::binary);
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (!stream) return std::nullopt;
    return content;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// The third field of a CSV line, which may be quoted; a doubled quote stands for one.
bool organisation_field(std::string_view rest, std::string& out) {
    out.clear();
    if (rest.empty() || rest.front() != '"') {
        out = rest.substr(0, rest.find(','));
        return true;
    }
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] != '"') {
            out += rest[i];
        } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
            out += rest[i++];
        } else {
            return true;
        }
    }
    return false;
}

void trim(std::string& text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && blank(text.back())) text.pop_back();
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
}

std::uint64_t key_of(std::uint64_t mac, std::uint32_t bits) {
    return (mac >> (48U - bits) << (48U - bits) << 8U) | bits;
}

constexpr unsigned kKeyBits = 48 + 8;
constexpr unsigned kIndexBits = 16;
std::size_t place_of(std::uint64_t key) { return static_cast<std::size_t>(key >> (kKeyBits - kIndexBits)); }

}  // namespace

base::Result<OuiRegistry> OuiRegistry::load(const fs::path& dir) {
    OuiRegistry registry;
    registry.prefixes_.reserve(48'000);
    registry.names_.reserve(1U << 20U);
    for (const char* name : {"oui.csv", "mam.csv", "oui36.csv"}) {
        const std::optional<std::string> content = read_whole(dir / name);
        if (content) {
            registry.add_file(*content);
        } else if (std::string_view(name) == "oui.csv") {
            return base::Error{(dir / name).string() +
                               ": cannot be read: install the package ieee-data, which holds the registry of MAC "
                               "prefixes, or name the folder that holds oui.csv"};
        }
    }
    if (registry.prefixes_.empty()) {
        return base::Error{(dir / "oui.csv").string() + ": holds no prefix: is it the IEEE registry in CSV?"};
    }
    // Stable, so that the first one wins if a prefix occurs twice.
    std::stable_sort(registry.prefixes_.begin(), registry.prefixes_.end(),
                     [](const Prefix& a, const Prefix& b) { return a.key < b.key; });
    registry.index();
    return registry;
}

void OuiRegistry::index() {
    first_.assign((std::size_t{1} << kIndexBits) + 1, 0);
    for (const Prefix& prefix : prefixes_) ++first_[place_of(prefix.key) + 1];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
}

void OuiRegistry::add_file(std::string_view content) {
    while (!content.empty()) {
        const std::size_t end = std::min(content.find('\n'), content.size());
        add_line(content.substr(0, end));
        content.remove_prefix(std::min(end + 1, content.size()));
    }
}

void OuiRegistry::add_line(std::string_view line) {
    if (line.empty() || line.starts_with("Registry,")) return;
    const std::size_t first = line.find(',');
    const std::size_t second = first == std::string_view::npos ? first : line.find(',', first + 1);
    // An address in quotes may go over several lines; what follows is not a line of the format and is skipped.
    if (second == std::string_view::npos || !line.starts_with("MA-")) {
        ++skipped_lines_;
        return;
    }
    const std::string_view digits = line.substr(first + 1, second - first - 1);
    if (digits.size() != 6 && digits.size() != 7 && digits.size() != 9) {
        ++skipped_lines_;
        return;
    }
    std::uint64_t value = 0;
    for (const char c : digits) {
        const int digit = hex_digit(c);
        if (digit < 0) {
            ++skipped_lines_;
            return;
        }
        value = (value << 4U) | static_cast<std::uint64_t>(digit);
    }
    std::string name;
    if (!organisation_field(line.substr(second + 1), name)) ++skipped_lines_;
    trim(name);
    if (name == "Private" || name == "IEEE Registration Authority") name.clear();
    const auto bits = static_cast<std::uint32_t>(digits.size() * 4);
    prefixes_.push_back({key_of(value << (48U - bits), bits), static_cast<std::uint32_t>(names_.size()),
                         static_cast<std::uint32_t>(name.size())});
    names_ += name;
}

std::string_view OuiRegistry::find(std::uint64_t mac, std::uint32_t bits) const {
    if (first_.empty()) return {};
    const std::uint64_t key = key_of(mac, bits);
    const auto end = prefixes_.begin() + first_[place_of(key) + 1];
    const auto found = std::lower_bound(prefixes_.begin() + first_[place_of(key)], end, key,
                                        [](const Prefix& prefix, std::uint64_t wanted) { return prefix.key < wanted; });
    if (found == end || found->key != key) return {};
    return std::string_view(names_).substr(found->begin, found->length);
}

std::string_view OuiRegistry::organisation(const model::MacAddress& mac) const {
    if (mac.multicast() || mac.local()) return {};
    const std::uint64_t value = base::integer_at(mac.bytes, 0, mac.bytes.size());
    for (const std::uint32_t bits : kLengths) {
        const std::string_view name = find(value, bits);
        if (!name.empty()) return name;
    }
    return {};
}

std::string normalized_organisation(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    for (const char c : name) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

RegistrantIndex::RegistrantIndex(const Bundle& bundle) {
    for (std::size_t i = 0; i < bundle.makers.size(); ++i) {
        for (const std::string& registrant : bundle.makers[i].registrants) {
            makers_.emplace(normalized_organisation(registrant), static_cast<std::int32_t>(i));
        }
    }
}

std::int32_t RegistrantIndex::maker_of(std::string_view organisation) const {
    if (organisation.empty()) return kNone;
    const auto found = makers_.find(normalized_organisation(organisation));
    return found == makers_.end() ? kNone : found->second;
}

}  // namespace telltale::signatures
