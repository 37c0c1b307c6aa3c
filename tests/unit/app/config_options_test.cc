// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "sensor/app/config/load_config.h"
#include "sensor/app/config/option_documents.h"
#include "sensor/app/config/option_text.h"
#include "sensor/app/config/options.h"

namespace telltale::app {
namespace {

std::string content(const std::string& name) {
    std::ifstream stream(std::string(TELLTALE_SOURCE_DIR) + "/sensor/app/config/" + name, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

// A configuration with one map in every list of maps, of which everything has its default.
Config standard_config() {
    Config config;
    for (const OptionSection& section : option_sections()) {
        if (section.is_list()) section.add_entry(config);
    }
    return config;
}

bool is_single_number(const Option& option) { return is_number(option.type) && option.shape == OptionShape::one; }

bool is_listed(const Option& option) {
    const OptionSection* section = section_of(option);
    return section != nullptr && section->is_list();
}

// A value of the option's type that is not its default.
OptionValue other_value(const Option& option) {
    const OptionValue standard = option.get(standard_config(), 0);
    if (option.shape == OptionShape::map) return TextMap{{"other", "value"}};
    const bool list = option.shape == OptionShape::list;
    switch (option.type) {
        case OptionType::flag: return !std::get<bool>(standard);
        case OptionType::path: return std::filesystem::path("/elsewhere");
        case OptionType::network: return std::vector<model::IpPrefix>{*model::parse_prefix("192.0.2.0/24")};
        case OptionType::mac: return std::vector<model::MacAddress>{*model::parse_mac("00:1a:2b:3c:4d:5e")};
        case OptionType::text:
            return list ? OptionValue(std::vector<std::string>{"other"}) : OptionValue(std::string("other"));
        case OptionType::word:
            return std::string(std::get<std::string>(standard) == option.words[0] ? option.words[1] : option.words[0]);
        default:
            if (list) return std::vector<std::int64_t>{option.range.highest};
            return option.range.lowest == std::get<std::int64_t>(standard) ? option.range.highest : option.range.lowest;
    }
}

TEST(ConfigDocuments, SampleIsWhatTheOptionsSay) {
    EXPECT_EQ(content("telltale.sample.yaml"), sample_configuration())
        << "write it again: telltale check --sample > sensor/app/config/telltale.sample.yaml";
}

TEST(ConfigDocuments, ReferenceIsWhatTheOptionsSay) {
    EXPECT_EQ(content("REFERENCE.md"), option_reference())
        << "write it again: telltale check --reference > sensor/app/config/REFERENCE.md";
}

TEST(ConfigDocuments, SampleLoadsAndHoldsTheDefaults) {
    const auto loaded = parse_config(content("telltale.sample.yaml"), "telltale.sample.yaml");
    ASSERT_TRUE(loaded) << loaded.error().text;
    for (const Option& option : options()) {
        const OptionValue standard = option.get(standard_config(), 0);
        const bool stated = !value_text(option, standard).empty() && !is_listed(option);
        EXPECT_EQ(loaded->lines.contains(key_of_entry(option.key, 0)), stated) << option.key;
        if (is_listed(option)) continue;
        EXPECT_EQ(option.get(loaded->config, 0), standard) << option.key;
    }
}

// The examples behind a # must be right, too.
TEST(ConfigDocuments, SampleLoadsWithItsExamples) {
    std::string text = sample_configuration();
    for (std::size_t at = 0; (at = text.find('#', at)) != std::string::npos; ++at) {
        if (text.compare(at, 2, "# ") != 0) text.erase(at, 1);
    }
    const auto loaded = parse_config(text, "telltale.sample.yaml");
    ASSERT_TRUE(loaded) << loaded.error().text;
    for (const Option& option : options()) {
        EXPECT_TRUE(loaded->lines.contains(key_of_entry(option.key, 0))) << option.key;
    }
}

TEST(ConfigOptions, AreDeclaredOnceAndWhole) {
    std::set<std::string_view> keys;
    std::set<std::string_view> sections;
    for (const Option& option : options()) {
        EXPECT_TRUE(keys.insert(option.key).second) << option.key << " is declared twice";
        EXPECT_TRUE(option.help.ends_with('.')) << option.key;
        EXPECT_EQ(option.help.find('|'), std::string_view::npos) << option.key << " would break the reference's table";
        if (const OptionSection* section = section_of(option)) sections.insert(section->key);
        EXPECT_EQ(section_of(option) == nullptr, option.key.find('.') == std::string_view::npos) << option.key;
        const OptionValue standard = option.get(standard_config(), 0);
        const bool empty = value_text(option, standard).empty();
        EXPECT_EQ(empty, !option.if_unset.empty()) << option.key;
        EXPECT_EQ(empty, !option.example.empty()) << option.key;
        if (!is_single_number(option)) continue;
        EXPECT_LT(option.range.lowest, option.range.highest) << option.key;
        EXPECT_LE(option.range.lowest, std::get<std::int64_t>(standard)) << option.key;
        EXPECT_GE(option.range.highest, std::get<std::int64_t>(standard)) << option.key;
    }
    std::set<std::string_view> declared;
    for (const OptionSection& section : option_sections()) declared.insert(section.key);
    EXPECT_EQ(declared, sections);
}

// Two options that are bound to one field would show here, and one whose ends its field cannot hold.
TEST(ConfigOptions, HaveAFieldOfTheirOwn) {
    const Config standard = standard_config();
    for (const Option& option : options()) {
        Config config = standard;
        option.set(config, 0, other_value(option));
        EXPECT_EQ(option.get(config, 0), other_value(option)) << option.key;
        for (const Option& other : options()) {
            if (other.key == option.key) continue;
            EXPECT_EQ(other.get(config, 0), other.get(standard, 0)) << option.key << " sets " << other.key;
        }
        if (!is_single_number(option)) continue;
        for (const std::int64_t end : {option.range.lowest, option.range.highest}) {
            option.set(config, 0, OptionValue(end));
            EXPECT_EQ(std::get<std::int64_t>(option.get(config, 0)), end) << option.key;
        }
    }
}

TEST(ConfigOptions, TellWhatChanged) {
    for (const Option& option : options()) {
        Config changed = standard_config();
        option.set(changed, 0, other_value(option));
        for (const Applies applies : {Applies::at_start, Applies::on_reload}) {
            const std::vector<std::string> keys = changed_keys(standard_config(), changed, applies);
            if (option.applies == applies) {
                EXPECT_THAT(keys, testing::ElementsAre(key_of_entry(option.key, 0)));
            } else {
                EXPECT_THAT(keys, testing::IsEmpty()) << option.key;
            }
        }
    }
}

// The tables of correlate have room for this many flows and workers.
TEST(ConfigOptions, FlowsAndWorkersStayWithinWhatCorrelateFollows) {
    for (const Option& option : options()) {
        if (option.key == "tracking.flows") {
            EXPECT_LE(static_cast<std::size_t>(option.range.highest), Config{}.correlating.max_flow_slots);
        }
    }
    EXPECT_LE(kMaxWorkers, Config{}.correlating.max_workers);
}

TEST(OptionText, Numbers) {
    using enum OptionType;
    struct Case {
        OptionType type;
        std::string_view text;
        std::optional<std::int64_t> value;
        std::string_view shown;  // where it is not `text`
    };
    constexpr std::int64_t kSecond = 1'000'000'000;
    const Case cases[] = {
        {count, "0", 0, ""},
        {count, "65536", 65536, ""},
        {count, "007", 7, "7"},
        {count, "", {}, ""},
        {count, " 1", {}, ""},
        {count, "1 ", {}, ""},
        {count, "+1", {}, ""},
        {count, "-1", {}, ""},
        {count, "0x10", {}, ""},
        {count, "1e3", {}, ""},
        {count, "1s", {}, ""},
        {count, "9223372036854775807", 9'223'372'036'854'775'807, ""},
        {count, "9223372036854775808", {}, ""},
        {duration, "1s", kSecond, ""},
        {duration, "60s", 60 * kSecond, "1m"},
        {duration, "90s", 90 * kSecond, ""},
        {duration, "24h", 86'400 * kSecond, "1d"},
        {duration, "2d", 2 * 86'400 * kSecond, ""},
        {duration, "0s", 0, "0"},
        {duration, "1", {}, ""},
        {duration, "s", {}, ""},
        {duration, "1S", {}, ""},
        {duration, "1ms", {}, ""},
        {duration, "1m30s", {}, ""},
        {duration, "106751d", std::int64_t{106'751} * 86'400 * kSecond, ""},
        {duration, "106752d", {}, ""},  // more nanoseconds than 63 bits hold
        {size, "1B", 1, ""},
        {size, "1024B", 1024, "1KiB"},
        {size, "64MiB", 64LL << 20, ""},
        {size, "3GiB", 3LL << 30, ""},
        {size, "1K", {}, ""},
        {size, "1MB", {}, ""},
        {size, "1kib", {}, ""},
        {size, "8589934592GiB", {}, ""},
        {flag, "1", {}, ""},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(parse_number(c.type, c.text), c.value) << "'" << c.text << "'";
        if (!c.value) continue;
        EXPECT_EQ(number_text(c.type, *c.value), c.shown.empty() ? c.text : c.shown) << "'" << c.text << "'";
    }
}

}  // namespace
}  // namespace telltale::app
