// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/match/naive_matcher.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <stdexcept>

namespace telltale::match::testing {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0) c = static_cast<char>(c + 32);  // "C" locale: ASCII
    }
    return out;
}

// The host of "host", "host.", "host:port"; nothing for what is no host name.
std::optional<std::string> host_of(std::string_view text) {
    const auto colons = std::count(text.begin(), text.end(), ':');
    if (colons > 1 || text.substr(0, 1) == "[") return std::nullopt;
    std::string host = lower(text);
    if (colons == 1) {
        if (host.find_first_not_of("0123456789", host.find(':') + 1) != std::string::npos) return std::nullopt;
        if (host.size() - host.find(':') > 6 && host.size() > 260) return std::nullopt;
        host.erase(host.find(':'));
    }
    if (!host.empty() && host.back() == '.') host.pop_back();
    if (host.empty() || host.size() > 253) return std::nullopt;
    return host;
}

std::vector<std::string> texts(const YAML::Node& node) {
    std::vector<std::string> out;
    for (const auto& item : node) out.push_back(item.as<std::string>());
    return out;
}

void add_entries(NaiveMatcher& matcher, const YAML::Node& list, const std::string& file, bool destinations) {
    for (const auto& item : list) {
        NaivePattern one;
        one.set = destinations ? "host_name" : item["set"].as<std::string>();
        for (const char* kind : {"suffix", "exact", "regex"}) {
            if (!item[kind]) continue;
            one.kind = kind;
            one.pattern = item[kind].as<std::string>();
        }
        one.caseless = !item["caseless"] || item["caseless"].as<bool>();
        one.match = texts(item["match"]);
        one.no_match = texts(item["no_match"]);
        one.where = file + ':' + std::to_string(item.Mark().line + 1);
        matcher.add(one);
    }
}

}  // namespace

struct NaiveMatcher::Regex {
    explicit Regex(const NaivePattern& pattern) {
        int error = 0;
        PCRE2_SIZE offset = 0;
        code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.pattern.data()), pattern.pattern.size(),
                             PCRE2_DOTALL | PCRE2_NEVER_UTF | (pattern.caseless ? PCRE2_CASELESS : 0U), &error, &offset,
                             nullptr);
        if (code == nullptr) throw std::runtime_error(pattern.where + ": PCRE2 refuses '" + pattern.pattern + "'");
        data = pcre2_match_data_create_from_pattern(code, nullptr);
    }
    ~Regex() {
        pcre2_match_data_free(data);
        pcre2_code_free(code);
    }
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    bool matches(std::string_view text) const {
        const auto* bytes = reinterpret_cast<PCRE2_SPTR>(text.data());
        return pcre2_match(code, bytes, text.size(), 0, 0, data, nullptr) >= 0;
    }

    pcre2_code* code = nullptr;
    pcre2_match_data* data = nullptr;
};

std::string NaivePattern::key() const { return set + ' ' + kind + (caseless ? " " : " as-written ") + pattern; }

NaivePattern naive_pattern_of(const signatures::Signature& signature) {
    constexpr const char* kKinds[] = {"suffix", "exact", "regex"};
    return {std::string(to_string(signature.set)),
            kKinds[static_cast<std::size_t>(signature.kind)],
            signature.pattern,
            signature.caseless,
            signature.match,
            signature.no_match,
            signature.position.file + ':' + std::to_string(signature.position.line)};
}

NaiveMatcher NaiveMatcher::from_yaml(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    NaiveMatcher matcher;
    for (const auto& file : files) {
        const YAML::Node root = YAML::LoadFile(file.string());
        add_entries(matcher, root["destinations"], file.string(), true);
        add_entries(matcher, root["fingerprints"], file.string(), false);
    }
    return matcher;
}

void NaiveMatcher::add(NaivePattern pattern) {
    const std::size_t index = patterns_.size();
    if (pattern.kind == "suffix") suffixes_.emplace(lower(pattern.pattern), index);
    if (pattern.kind == "exact") exact_.emplace(lower(pattern.pattern), index);
    if (pattern.kind == "regex") regexes_.emplace_back(std::make_shared<const Regex>(pattern), index);
    patterns_.push_back(std::move(pattern));
}

std::vector<std::string> NaiveMatcher::matches(const std::string& set, std::string_view text) const {
    std::vector<std::size_t> found;
    std::string input(text);
    if (set == "host_name") {
        const auto host = host_of(text);
        if (!host) return {};
        input = *host;
        for (std::size_t at = 0; at != std::string::npos;) {
            const auto [first, last] = suffixes_.equal_range(input.substr(at));
            for (auto it = first; it != last; ++it) found.push_back(it->second);
            at = input.find('.', at);
            if (at != std::string::npos) ++at;
        }
    }
    if (input.empty()) return {};
    const auto [first, last] = exact_.equal_range(lower(input));
    for (auto it = first; it != last; ++it) {
        const NaivePattern& one = patterns_[it->second];
        if (one.caseless || set == "host_name" || one.pattern == input) found.push_back(it->second);
    }
    for (const auto& [regex, index] : regexes_) {
        if (patterns_[index].set == set && regex->matches(input)) found.push_back(index);
    }
    std::vector<std::string> keys;
    for (const std::size_t index : found) {
        if (patterns_[index].set == set) keys.push_back(patterns_[index].key());
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

}  // namespace telltale::match::testing
