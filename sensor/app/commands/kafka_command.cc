// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/kafka_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

#include "exporters/json/json_writer.h"
#include "exporters/kafka/topic_admin.h"
#include "sensor/app/config/load_config.h"
#include "sensor/app/service/service.h"
#include "sensor/app/summary/text_table.h"

namespace telltale::app {
namespace {

using json::operator""_key;

struct Row {
    kafka::TopicPlan plan;
    kafka::TopicState state;
    std::vector<std::string> differences;
    const char* what = "";  // one word for the state
};

int fail(int status, const std::string& text) {
    std::fprintf(stderr, "error: %s\n", text.c_str());
    return status;
}

std::vector<Row> look(kafka::TopicAdmin& admin, const std::vector<kafka::TopicPlan>& plans) {
    const std::vector<kafka::TopicState> states = admin.look(plans);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        Row row{plans[i], states[i], {}, "missing"};
        if (row.state.exists) {
            row.differences = kafka::differences(row.plan, row.state);
            row.what = row.differences.empty() ? "exists" : "differs";
        } else if (!row.state.error.empty()) {
            row.what = "unknown";
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

// Makes what is missing.
void make(kafka::TopicAdmin& admin, std::vector<Row>& rows) {
    std::vector<kafka::TopicPlan> wanted;
    for (const Row& row : rows) {
        if (!row.state.exists && row.state.error.empty()) wanted.push_back(row.plan);
    }
    if (wanted.empty()) return;
    const std::vector<std::string> errors = admin.make(wanted);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.plan.name == wanted[i].name; });
        row->state.error = errors[i];
        row->what = errors[i].empty() ? "made" : "failed";
        row->state.exists = errors[i].empty();
    }
}

std::string settings_text(const kafka::TopicSettings& settings) {
    std::string text;
    for (const auto& [name, value] : settings) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
    return text;
}

std::string table(const std::vector<Row>& rows) {
    TextTable table(
        {{"topic"}, {"state"}, {"partitions", Align::right}, {"replication", Align::right}, {"proposed settings"}});
    for (const Row& row : rows) {
        table.add_row({row.plan.name, row.what, std::to_string(row.plan.partitions),
                       std::to_string(row.plan.replication), settings_text(row.plan.settings)});
        for (const std::string& difference : row.differences) table.add_note("    " + difference);
        if (!row.state.error.empty()) table.add_note("    " + shown(row.state.error));
    }
    constexpr std::size_t kWide = 1000;  // nothing here is cut
    std::string text;
    table.render(kWide, text);
    return text;
}

std::string as_json(const std::vector<Row>& rows) {
    json::JsonWriter json;
    json.begin('{');
    json.begin("topics"_key, '[');
    for (const Row& row : rows) {
        json.begin('{');
        json.string("name"_key, row.plan.name);
        json.string("state"_key, row.what);
        json.number("partitions"_key, static_cast<std::uint64_t>(row.plan.partitions));
        json.number("replication"_key, static_cast<std::uint64_t>(row.plan.replication));
        json.begin("settings"_key, '{');
        for (const auto& [name, value] : row.plan.settings) {
            json.named(name);
            json.string(value);
        }
        json.end('}');
        json.begin("differences"_key, '[');
        for (const std::string& difference : row.differences) json.string(difference);
        json.end(']');
        if (!row.state.error.empty()) json.string("error"_key, row.state.error);
        json.end('}');
    }
    json.end(']');
    json.end('}');
    return std::string(json.str()) + "\n";
}

}  // namespace

int run_kafka(const KafkaOptions& options) {
    const auto loaded = load_config(options.config);
    if (!loaded) return fail(kExitBadInput, loaded.error().text);
    if (loaded->config.kafka.brokers.empty()) {
        return fail(kExitBadInput,
                    loaded->file.string() + ": 'kafka.brokers' is not set: write at least one host:port");
    }
    if (const base::Status usable = check_kafka(*loaded); !usable) return fail(kExitBadInput, usable.error().text);
    const auto admin = kafka::TopicAdmin::create(loaded->config.kafka);
    if (!admin) return fail(kExitBadInput, loaded->where("kafka") + ": " + admin.error().text);
    const auto brokers = (*admin)->count_brokers();
    if (!brokers) return fail(kExitFailed, "kafka: " + brokers.error().text);
    std::vector<Row> rows =
        look(**admin, kafka::plan_topics(loaded->config.kafka, *brokers, {options.partitions, options.replication}));
    if (options.create) make(**admin, rows);
    const std::string text = options.format == EventsOptions::Format::json ? as_json(rows) : table(rows);
    const bool printed = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    const bool all_there = std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.state.exists; });
    const bool some_missing =
        std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.what == std::string_view("missing"); });
    if (some_missing) std::fputs("Topics are missing: --create makes them.\n", stderr);
    return printed && all_there ? kExitDone : kExitFailed;
}

}  // namespace telltale::app
