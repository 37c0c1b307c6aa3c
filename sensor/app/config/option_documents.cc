// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/option_documents.h"

#include <algorithm>
#include <string_view>

#include "sensor/app/config/option_text.h"
#include "sensor/app/config/options.h"

namespace telltale::app {
namespace {

constexpr std::size_t kColumns = 100;

constexpr std::string_view kSampleHead =
    "# SPDX-License-Identifier: Apache-2.0\n"
    "# Telltale's configuration: every option with its default; an option that is left out has it, too. What has no\n"
    "# default stands behind a # with an example. Paths that are relative are meant from this file's folder.\n"
    "# `telltale check -c FILE` tells whether a file is right. Made by `telltale check --sample`.\n";

constexpr std::string_view kReferenceHead = R"(# Configuration

One YAML file, `-c FILE` of every command; options of the command line win over it. A key `a.b` is the key `b` in the
section `a`, and `a[].b` is the key `b` in every map of the list `a`. Every option may be left out, but those that must be
given. Keys that are unknown or stand twice and values that are out of range are errors: `telltale check -c FILE` tells
them all, with file and line, and holds against reality what the file names: signatures, keys and secrets, taps, filter,
Kafka's properties. Durations have a unit: s, m, h or d; sizes, too: B, KiB, MiB or GiB. Relative paths are meant from the
file's folder. Anchors, aliases, tags and nesting over 16 are refused.

**Changes** are taken over at the next start, or on reload by `telltale run`.

Made by `telltale check --reference`; `telltale check --sample` prints a file with all of it (`telltale.sample.yaml`).
)";

std::string default_text(const Option& option) {
    const OptionSection* section = section_of(option);
    Config standard;
    if (section != nullptr && section->is_list()) section->add_entry(standard);
    return value_text(option, option.get(standard, 0));
}

std::string_view applies_text(Applies applies) { return applies == Applies::at_start ? "at start" : "on reload"; }

// "1s to 1h" of numbers, else what the value is.
std::string range_text(const Option& option) {
    if (!is_number(option.type) || option.shape != OptionShape::one) return expectation(option);
    return number_text(option.type, option.range.lowest) + " to " + number_text(option.type, option.range.highest);
}

// `text` as lines of a comment, broken between words.
void append_comment(std::string& out, std::string_view indent, std::string_view text) {
    std::string line;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        if (!line.empty() && indent.size() + 2 + line.size() + 1 + space > kColumns) {
            out.append(indent).append("# ").append(line).append("\n");
            line.clear();
        }
        if (!line.empty()) line += ' ';
        line += text.substr(0, space);
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    out.append(indent).append("# ").append(line).append("\n");
}

// `first` is where a map of a list begins. There everything stands behind a #: without its names the map is none.
void append_option(std::string& out, const Option& option, bool first) {
    const OptionSection* section = section_of(option);
    const bool listed = section != nullptr && section->is_list();
    std::string indent = section == nullptr ? "" : "  ";
    if (listed && !first) indent += "  ";
    append_comment(out, indent, option.help);
    std::string facts;
    if (is_number(option.type) && option.shape == OptionShape::one) facts = range_text(option) + "; ";
    if (option.type == OptionType::word) facts = expectation(option) + "; ";
    facts += "read " + std::string(applies_text(option.applies));
    const std::string value = default_text(option);
    if (value.empty())
        facts += "; " + std::string(option.required ? "" : "if left out: ") + std::string(option.if_unset);
    append_comment(out, indent, facts);
    out.append(indent).append(value.empty() || listed ? "#" : "").append(first ? "- " : "");
    out.append(name_in_section(option)).append(": ").append(value.empty() ? option.example : value).append("\n");
}

}  // namespace

std::string sample_configuration() {
    std::string out(kSampleHead);
    for (const Option& option : options()) {
        if (section_of(option) != nullptr) continue;
        out += '\n';
        append_option(out, option, false);
    }
    for (const OptionSection& section : option_sections()) {
        out += '\n';
        append_comment(out, "", section.help);
        out.append(section.key).append(":\n");
        bool first = section.is_list();
        for (const Option& option : options()) {
            if (section_of(option) != &section) continue;
            append_option(out, option, first);
            first = false;
        }
    }
    return out;
}

std::string option_reference() {
    std::string out(kReferenceHead);
    auto append_table = [&out](const OptionSection* section) {
        out += "\n| key | value | default | changes | |\n|---|---|---|---|---|\n";
        for (const Option& option : options()) {
            if (section_of(option) != section) continue;
            std::string value = default_text(option);
            value = value.empty() ? std::string(option.if_unset) : "`" + value + "`";
            out.append("| `").append(option.key).append("` | ").append(range_text(option)).append(" | ").append(value);
            out.append(" | ").append(applies_text(option.applies)).append(" | ").append(option.help).append(" |\n");
        }
    };
    append_table(nullptr);
    for (const OptionSection& section : option_sections()) {
        out.append("\n## ").append(section.key).append("\n").append(section.help).append("\n");
        append_table(&section);
    }
    return out;
}

}  // namespace telltale::app
