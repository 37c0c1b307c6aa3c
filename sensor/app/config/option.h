// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sensor/app/config/config.h"
#include "sensor/model/addresses.h"

namespace telltale::app {

// Type of a value, and the unit it is stored in: durations in nanoseconds, sizes in bytes. A word is one of those that
// the option lists.
enum class OptionType : std::uint8_t { count, size, duration, flag, path, network, mac, text, word };

// Number of values of an option. Maps are from names to text; lists have items of type count, network, mac or text.
enum class OptionShape : std::uint8_t { one, list, map };

using TextMap = std::map<std::string, std::string>;

// A value of any option: numbers (count, size, duration), flag, path, text and word; then the lists and the map.
using OptionValue =
    std::variant<std::int64_t, bool, std::filesystem::path, std::string, std::vector<std::int64_t>,
                 std::vector<model::IpPrefix>, std::vector<model::MacAddress>, std::vector<std::string>, TextMap>;

// When a changed value takes effect.
enum class Applies : std::uint8_t {
    at_start,   // at the next start
    on_reload,  // when the running sensor reloads its configuration
};

// Range of a number, or of a text's length; both ends included.
struct OptionRange {
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
};

// One option of the configuration: the source of its messages, sample file and reference. The default is what `get`
// returns for a newly constructed Config. In a section that is a list of maps, every map has the option: the key is
// "section[].name" and `entry` is the index of the map; elsewhere `entry` is 0.
struct Option {
    std::string_view key;            // dotted: a section and a name, or a name. The name may have dots of its own
    std::string_view former_name{};  // within its section; using it is an error that names the present key
    OptionType type{};
    OptionShape shape = OptionShape::one;
    OptionRange range;
    std::span<const std::string_view> words;
    std::size_t most_items = 256;  // of lists and maps
    bool required = false;         // in every map of the list
    Applies applies{};
    std::string_view help;      // sentences, without Markdown
    std::string_view if_unset;  // for an empty default: what applies instead
    std::string_view example;   // for an empty default: a value for the sample file, as YAML
    OptionValue (*get)(const Config&, std::size_t entry) = nullptr;
    void (*set)(Config&, std::size_t entry, const OptionValue&) = nullptr;  // of the option's type and range
};

// A section of the file: one map, or a list of maps with the same options.
struct OptionSection {
    std::string_view key;
    std::string_view help;
    std::size_t most_entries = 0;  // 0: it is one map
    std::size_t (*entries)(const Config&) = nullptr;
    void (*add_entry)(Config&) = nullptr;

    [[nodiscard]] bool is_list() const { return most_entries != 0; }
};

}  // namespace telltale::app
