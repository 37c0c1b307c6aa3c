// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/load_config.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "sensor/app/config/option_reader.h"
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

// Walks the sections of options() and sets what the file contains.
class ConfigReader {
  public:
    ConfigReader(const fs::path& file, LoadedConfig& loaded, Problems& problems)
        : values_(file, problems), loaded_(loaded), problems_(problems) {}

    void read(YamlValue root) {
        MapReader reader(root, values_.shown_file(), "configuration", problems_);
        for (const Option& option : options()) {
            if (section_of(option) == nullptr) take(option, 0, reader);
        }
        for (const OptionSection& section : option_sections()) {
            read_section(section, reader.any(section.key), reader.position_of(section.key).line);
        }
        reader.finish();
        loaded_.config.correlating.interval_ns = loaded_.config.tracking.interval_ns;
    }

  private:
    void read_section(const OptionSection& section, YamlValue value, int line) {
        // A section that contains only comments.
        if (!value || (value.kind() == YamlKind::scalar && value.text().empty())) return;
        const std::string key(section.key);
        loaded_.lines.emplace(key, line);
        if (!section.is_list()) return read_map(section, 0, "section '" + key + "'", value);
        if (value.kind() != YamlKind::sequence) {
            problems_.add({values_.shown_file(), value.line()}, "'" + key + "' must be a list of maps");
            return;
        }
        std::size_t entry = 0;
        for (YamlValue map = value.first(); map; map = map.next(), ++entry) {
            if (entry == section.most_entries) {
                problems_.add({values_.shown_file(), map.line()},
                              "'" + key + "': more than " + std::to_string(section.most_entries) + " entries");
                return;
            }
            section.add_entry(loaded_.config);
            read_map(section, entry, "an entry of '" + key + "'", map);
        }
    }

    void read_map(const OptionSection& section, std::size_t entry, const std::string& what, YamlValue map) {
        MapReader reader(map, values_.shown_file(), what, problems_);
        if (map.kind() != YamlKind::map) return;
        for (const Option& option : options()) {
            if (section_of(option) == &section) take(option, entry, reader);
        }
        reader.finish();
    }

    void take(const Option& option, std::size_t entry, MapReader& reader) {
        const std::string_view name = name_in_section(option);
        const YamlValue value = reader.any(name);
        if (!option.former_name.empty() && reader.any(option.former_name)) {
            reader.fail(reader.position_of(option.former_name).line,
                        "'" + std::string(option.former_name) + "' is now called '" + std::string(option.key) + "'");
        }
        if (!value) {
            if (option.required) reader.fail(reader.position().line, "'" + std::string(option.key) + "' is missing");
            return;
        }
        const int line = reader.position_of(name).line;
        const std::optional<OptionValue> read = values_.read(option, std::string(option.key), value, line);
        if (!read) return;
        option.set(loaded_.config, entry, *read);
        loaded_.lines.emplace(key_of_entry(option.key, entry), line);
    }

    OptionReader values_;
    LoadedConfig& loaded_;
    Problems& problems_;
};

}  // namespace

std::string LoadedConfig::where(std::string_view key) const {
    const std::string quoted = "'" + std::string(key) + "'";
    const auto line = lines.find(std::string(key));
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
