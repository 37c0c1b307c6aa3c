// SPDX-License-Identifier: Apache-2.0
// sensor/COUNTERS.md: every counter with its field in the health event and its metric, made of what the code shows.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "sensor/decode/outcome.h"
#include "tests/unit/app/numbered_figures.h"

namespace telltale::app {
namespace {

constexpr const char* kDocument = TELLTALE_SOURCE_DIR "/sensor/COUNTERS.md";
constexpr const char* kBeginning =
    "# Counters\n\nEvery counter of the sensor, with its field `telltale.health.*` in the health event and its metric. "
    "PORT, TAP, WORKER\nand PROTOCOL are names; a label without a value is such a name. Of a counter of the workers "
    "together, `/metrics` has the\nworkers one by one. The code makes this file:\n"
    "`TELLTALE_WRITE=1 build/release/tests/unit/unit_app --gtest_filter='CountersDocument.*'`.\n";

// The figures' names as the document has them.
const std::map<std::string, std::string> kNames = {{"up:0", "PORT"}, {"up", "TAP"}, {"0", "WORKER"}};

std::string_view help_of(const base::CounterValue& value) {
    static const std::map<std::string_view, std::string_view> kHelp = {
#define TELLTALE_HELP(name, word, help) {word, help},
        TELLTALE_DECODE_OUTCOMES(TELLTALE_HELP) TELLTALE_PORT_DROPS(TELLTALE_HELP)
            TELLTALE_MALFORMED_REASONS(TELLTALE_HELP)
#undef TELLTALE_HELP
    };
    const auto found = kHelp.find(value.word);
    return found == kHelp.end() ? value.help : found->second;
}

// The metrics by value: telltale_flows_closed_total{reason="idle"}.
std::map<std::uint64_t, std::string> metrics_of(const SensorFigures& figures) {
    static const std::set<std::string> kByName = {"port", "tap", "worker", "protocol"};
    std::map<std::uint64_t, std::string> metrics;
    for (const prometheus_http::Family& family : metric_families(figures)) {
        const double scale = family.name.find("_seconds") != std::string::npos ? 1e9 : 1;
        for (const prometheus_http::Sample& sample : family.samples) {
            std::string labels;
            for (const auto& [label, word] : sample.labels) {
                labels += (labels.empty() ? "{" : ",") + label;
                if (!kByName.contains(label)) labels += "=\"" + word + "\"";
            }
            if (!labels.empty()) labels += "}";
            metrics[static_cast<std::uint64_t>(sample.value * scale + 0.5)] = family.name + labels;
        }
    }
    return metrics;
}

std::string field_of(const CounterOrigin& origin, const base::CounterValue& value) {
    CounterOrigin named = origin;
    if (origin.label == "protocol") named.which = "PROTOCOL";
    if (const auto name = kNames.find(origin.which); name != kNames.end()) named.which = name->second;
    model::Health health;
    base::CounterValue one = value;
    one.value = 1;
    add_figure(named, one, health);
    return health.figures.back().first;
}

std::string document() {
    const Numbered numbered;
    const SensorFigures& figures = numbered.figures;
    const std::map<std::uint64_t, std::string> metrics = metrics_of(figures);
    std::string text = kBeginning;
    std::string section = "none yet";
    std::set<std::string> rows;
    const auto add = [&](const CounterOrigin& origin, const base::CounterValue& value) {
        const auto metric = metrics.find(value.value);
        const std::string shown = metric == metrics.end() ? "" : "`" + metric->second + "`";
        const std::string name(value.word.empty() ? value.name : value.word);
        const std::string row = "| `" + name + "` | `" + field_of(origin, value) + "` | " + shown + " | " +
                                std::string(help_of(value)) + " |\n";
        if (!rows.insert(row).second) return;  // alike for every protocol
        if (origin.part != section) {
            section = origin.part;
            text += "\n## " + (section.empty() ? "All workers" : section) +
                    "\n\n| counter | in health | metric | what it counts |\n| --- | --- | --- | --- |\n";
        }
        text += row;
    };
    visit_live_counters(figures, add);
    visit_counters(figures.live.total, figures.correlated, add);
    return text;
}

TEST(CountersDocument, IsWhatTheCodeShows) {
    if (std::getenv("TELLTALE_WRITE") != nullptr) std::ofstream(kDocument) << document();
    std::ostringstream there;
    there << std::ifstream(kDocument).rdbuf();
    EXPECT_EQ(there.str(), document()) << "write it again as its beginning says";
}

}  // namespace
}  // namespace telltale::app
