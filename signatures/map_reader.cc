// SPDX-License-Identifier: Apache-2.0
#include "signatures/map_reader.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace telltale::signatures {
namespace {

std::string_view name_of(YamlKind kind) {
    switch (kind) {
        case YamlKind::scalar: return "a single value";
        case YamlKind::sequence: return "a list";
        case YamlKind::map: return "a map";
    }
    return "";
}

std::string quoted(std::string_view text) { return "'" + shown(text) + "'"; }

}  // namespace

MapReader::MapReader(YamlValue map, std::string_view file, std::string_view what, Problems& problems)
    : map_(map), file_(file), what_(what), problems_(problems) {
    if (map_ && map_.kind() != YamlKind::map) {
        fail(map_.line(), std::string(what_) + " must be a map, found " + std::string(name_of(map_.kind())));
        map_ = YamlValue{};
    }
}

YamlValue MapReader::find(std::string_view key) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
    if (!map_) return {};
    for (YamlValue k = map_.first(); k; k = k.next().next()) {
        if (k.kind() == YamlKind::scalar && k.text() == key) return k.next();
        if (!k.next()) break;
    }
    return {};
}

FilePosition MapReader::position_of(std::string_view key) const {
    if (map_) {
        for (YamlValue k = map_.first(); k && k.next(); k = k.next().next()) {
            if (k.kind() == YamlKind::scalar && k.text() == key) return {std::string(file_), k.line()};
        }
    }
    return position();
}

void MapReader::missing(std::string_view key) {
    if (map_) fail(map_.line(), std::string(what_) + " needs '" + std::string(key) + "'");
}

std::string MapReader::scalar(std::string_view key, YamlValue value) {
    if (value.kind() != YamlKind::scalar) {
        fail(value.line(), quoted(key) + " must be a single value, found " + std::string(name_of(value.kind())));
        return "";
    }
    if (value.text().empty()) fail(value.line(), quoted(key) + " is empty");
    return std::string(value.text());
}

std::string MapReader::text(std::string_view key) {
    const YamlValue value = find(key);
    return value ? scalar(key, value) : "";
}

std::string MapReader::required_text(std::string_view key) {
    const YamlValue value = find(key);
    if (value) return scalar(key, value);
    missing(key);
    return "";
}

std::vector<std::string> MapReader::texts(std::string_view key) {
    std::vector<std::string> out;
    const YamlValue value = find(key);
    if (!value) return out;
    if (value.kind() == YamlKind::map) {
        fail(value.line(), quoted(key) + " must be a value or a list of values, found a map");
        return out;
    }
    if (value.kind() == YamlKind::scalar) {
        out.push_back(scalar(key, value));
        return out;
    }
    for (YamlValue item = value.first(); item; item = item.next()) out.push_back(scalar(key, item));
    return out;
}

std::vector<std::string> MapReader::required_texts(std::string_view key) {
    std::vector<std::string> out = texts(key);
    if (!map_ || !out.empty()) return out;
    const YamlValue value = find(key);
    if (!value) {
        missing(key);
    } else if (value.kind() == YamlKind::sequence) {
        fail(value.line(), quoted(key) + " is empty: " + std::string(what_) + " needs at least one");
    }
    return out;
}

bool MapReader::flag(std::string_view key, bool otherwise) {
    const YamlValue value = find(key);
    if (!value) return otherwise;
    if (value.kind() == YamlKind::scalar && value.text() == "true") return true;
    if (value.kind() == YamlKind::scalar && value.text() == "false") return false;
    fail(value.line(), quoted(key) + " must be true or false");
    return otherwise;
}

double MapReader::number(std::string_view key, double lowest, double highest, double otherwise) {
    const YamlValue value = find(key);
    if (!value) return otherwise;
    double out = 0;
    if (value.kind() == YamlKind::scalar) {
        const std::string_view text = value.text();
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
        // Written so that NaN fails.
        if (error == std::errc{} && end == text.data() + text.size() && out >= lowest && out <= highest) return out;
    }
    const auto plain = [](double limit) {
        std::string text = std::to_string(limit);
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
        return text;
    };
    fail(value.line(), quoted(key) + " must be a number from " + plain(lowest) + " to " + plain(highest));
    return otherwise;
}

YamlValue MapReader::child(std::string_view key, YamlKind kind) {
    const YamlValue value = find(key);
    if (!value || value.kind() == kind) return value;
    fail(value.line(),
         quoted(key) + " must be " + std::string(name_of(kind)) + ", found " + std::string(name_of(value.kind())));
    return {};
}

YamlValue MapReader::any(std::string_view key) { return find(key); }

std::optional<std::size_t> MapReader::word(std::string_view key, std::span<const std::string_view> words) {
    const YamlValue value = find(key);
    if (!value) {
        missing(key);
        return std::nullopt;
    }
    const std::string text = scalar(key, value);
    if (text.empty()) return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    fail(value.line(), "unknown " + std::string(key) + " " + quoted(text) + suggestion(text, words) +
                           " (one of: " + list_of(words) + ")");
    return std::nullopt;
}

void MapReader::finish() {
    if (!map_) return;
    std::vector<std::string_view> seen;
    for (YamlValue key = map_.first(); key && key.next(); key = key.next().next()) {
        if (key.kind() != YamlKind::scalar) {
            fail(key.line(), "a key of " + std::string(what_) + " must be a single word");
        } else if (std::find(asked_.begin(), asked_.end(), key.text()) == asked_.end()) {
            fail(key.line(), "unknown key " + quoted(key.text()) + suggestion(key.text(), asked_));
        } else if (std::find(seen.begin(), seen.end(), key.text()) != seen.end()) {
            fail(key.line(), "key " + quoted(key.text()) + " is repeated in one " + std::string(what_));
        }
        seen.push_back(key.text());
    }
}

}  // namespace telltale::signatures
