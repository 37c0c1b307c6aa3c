// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/load_config.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "sensor/app/config/option_text.h"
#include "sensor/app/config/options.h"
#include "signatures/map_reader.h"
#include "signatures/problems.h"
#include "signatures/yaml_document.h"

namespace telltale::app {
namespace {

namespace fs = std::filesystem;
using signatures::MapReader;
using signatures::Problems;
using signatures::YamlKind;
using signatures::YamlValue;

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
constexpr std::size_t kMostNetworks = 256;  // every address is compared with all of them

// Goes through the sections of options() and takes over what the file has of them.
class ConfigReader {
  public:
    ConfigReader(const fs::path& file, LoadedConfig& loaded, Problems& problems)
        : file_(file), shown_file_(file.string()), loaded_(loaded), problems_(problems) {}

    void read(YamlValue root) {
        MapReader reader(root, shown_file_, "configuration", problems_);
        for (const Option& option : options()) {
            if (option.key.find('.') == std::string_view::npos) take(option, option.key, reader);
        }
        for (const OptionSection& section : option_sections()) read_section(section, reader.any(section.key));
        reader.finish();
        loaded_.config.correlating.interval_ns = loaded_.config.tracking.interval_ns;
    }

  private:
    void read_section(const OptionSection& section, YamlValue map) {
        // A section of which nothing is left but comments.
        if (!map || (map.kind() == YamlKind::scalar && map.text().empty())) return;
        const std::string what = "section '" + std::string(section.key) + "'";
        MapReader reader(map, shown_file_, what, problems_);
        const std::string prefix = std::string(section.key) + ".";
        for (const Option& option : options()) {
            if (option.key.starts_with(prefix)) take(option, option.key.substr(prefix.size()), reader);
        }
        reader.finish();
    }

    void take(const Option& option, std::string_view name, MapReader& reader) {
        const YamlValue value = reader.any(name);
        if (!value) return;
        if (value.kind() == YamlKind::scalar && value.text().empty()) {
            // The parser places what is not there behind it: often on another line.
            refuse(option, value, reader.position_of(name).line);
            return;
        }
        const std::optional<OptionValue> read =
            option.type == OptionType::networks ? read_networks(option, value) : read_scalar(option, value);
        if (!read) return;
        option.set(loaded_.config, *read);
        loaded_.lines.emplace(option.key, value.line());
    }

    std::optional<OptionValue> read_scalar(const Option& option, YamlValue value) {
        if (value.kind() != YamlKind::scalar) return refuse(option, value, value.line());
        switch (option.type) {
            case OptionType::flag:
                if (value.text() == "true" || value.text() == "false") return OptionValue(value.text() == "true");
                return refuse(option, value, value.line());
            case OptionType::path:  // an absolute one stays what it is
                return OptionValue((file_.parent_path() / fs::path(value.text())).lexically_normal());
            default: break;
        }
        const std::optional<std::int64_t> number = parse_number(option.type, value.text());
        if (!number || *number < option.range.lowest || *number > option.range.highest) {
            return refuse(option, value, value.line());
        }
        return OptionValue(*number);
    }

    std::optional<OptionValue> read_networks(const Option& option, YamlValue list) {
        if (list.kind() != YamlKind::sequence) return refuse(option, list, list.line());
        std::vector<model::IpPrefix> networks;
        for (YamlValue item = list.first(); item; item = item.next()) {
            const std::string text = "'" + signatures::shown(item.text()) + "'";
            const auto network = item.kind() == YamlKind::scalar ? model::parse_prefix(item.text()) : std::nullopt;
            if (!network) {
                fail(option, item, text + " is no network: write it as 10.0.0.0/8 or 2001:db8::/32");
            } else if (std::find(networks.begin(), networks.end(), *network) != networks.end()) {
                fail(option, item, text + " stands twice");
            } else if (networks.size() == kMostNetworks) {
                fail(option, item, "more than " + std::to_string(kMostNetworks) + " networks");
                break;
            } else {
                networks.push_back(*network);
            }
        }
        if (!list.first()) fail(option, list, "the list is empty: leave it out for " + std::string(option.if_unset));
        return OptionValue(std::move(networks));
    }

    std::nullopt_t refuse(const Option& option, YamlValue value, int line) {
        std::string found = "nothing";
        if (value.kind() == YamlKind::map) found = "a map";
        if (value.kind() == YamlKind::sequence) found = "a list";
        if (!value.text().empty()) found = "'" + signatures::shown(value.text()) + "'";
        problems_.add({shown_file_, line},
                      "'" + std::string(option.key) + "' must be " + expectation(option) + ", found " + found);
        return std::nullopt;
    }

    void fail(const Option& option, YamlValue value, const std::string& text) {
        problems_.add({shown_file_, value.line()}, "'" + std::string(option.key) + "': " + text);
    }

    const fs::path& file_;
    std::string shown_file_;
    LoadedConfig& loaded_;
    Problems& problems_;
};

}  // namespace

std::string LoadedConfig::where(std::string_view key) const {
    const std::string quoted = "'" + std::string(key) + "'";
    const auto line = lines.find(key);
    return line == lines.end() ? quoted : file.string() + ":" + std::to_string(line->second) + ": " + quoted;
}

base::Result<LoadedConfig> parse_config(const std::string& text, const fs::path& file) {
    signatures::YamlDocument document;
    signatures::YamlDocument::Failure failure;
    Problems problems;
    LoadedConfig loaded;
    loaded.file = file;
    if (document.parse(text, failure)) {
        ConfigReader(file, loaded, problems).read(YamlValue(document, 0));
    } else {
        problems.add({file.string(), failure.line}, failure.text);
    }
    if (!problems.none()) return problems.to_error();
    return loaded;
}

base::Result<LoadedConfig> load_config(const fs::path& file) {
    std::error_code missing;
    if (fs::is_directory(file, missing)) return base::Error{file.string() + ": is a folder, not a configuration file"};
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return base::Error{file.string() + ": cannot be read: " + std::strerror(errno)};
    std::string text(kLargestFile + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) return base::Error{file.string() + ": cannot be read"};
    if (text.size() > kLargestFile) return base::Error{file.string() + ": is larger than 1 MiB"};
    return parse_config(text, file);
}

}  // namespace telltale::app
