// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/dead_command.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "exporters/store/outbox/dead_replay.h"
#include "exporters/store/outbox/ledger.h"
#include "sensor/app/commands/event_lines.h"
#include "sensor/app/setup/utc_text.h"
#include "sensor/app/summary/text_table.h"

namespace telltale::app {
namespace {

using exporters::outbox::Dead;
using exporters::outbox::dead_rows;
using exporters::outbox::DeadRow;

// A running sensor looks for requests once per second.
constexpr std::chrono::seconds kPatience{10};

std::string id_of(const DeadRow& row) { return exporters::outbox::text_of(row.envelope->json, "event.id"); }

int fail(const std::string& text) {
    std::fprintf(stderr, "error: %s\n", text.c_str());
    return kExitBadInput;
}

// The rows that one of the names in `options.dead` means; the error says which name means none.
base::Result<std::vector<DeadRow>> named(std::vector<DeadRow> rows, const std::vector<std::string>& names) {
    std::set<std::string> unused(names.begin(), names.end());
    const std::set<std::string> wanted = unused;
    std::erase_if(rows, [&](const DeadRow& row) {
        bool is_wanted = false;
        for (const std::string& name : {std::to_string(row.number), id_of(row)}) {
            is_wanted |= wanted.contains(name);
            unused.erase(name);
        }
        return !is_wanted;
    });
    if (unused.empty()) return rows;
    return base::Error{"there is no dead event '" + *unused.begin() +
                       "': telltale events dead lists their numbers, --format json their event.id"};
}

std::string waits(const DeadRow& row) { return row.to_be_replayed ? "; its replay is asked for" : ""; }

}  // namespace

int list_dead(SQLite::Database& database, const EventsOptions& options) {
    EventLines lines(options.format);
    for (const DeadRow& row : dead_rows(database, Dead::all)) {
        if (lines.json()) {
            lines.show(*row.envelope);
            continue;
        }
        lines.put(fmt::format("{:>5}  {}       refused by {}: {}{}\n", row.number, event_line(*row.envelope),
                              shown(row.reader), shown(row.reason), waits(row)));
    }
    return lines.flush() ? kExitDone : kExitFailed;
}

int show_dead(SQLite::Database& database, const EventsOptions& options) {
    const auto rows = named(dead_rows(database, Dead::all), options.dead);
    if (!rows) return fail(rows.error().text);
    EventLines lines(options.format);
    for (const DeadRow& row : *rows) {
        const exporters::Envelope& event = *row.envelope;
        if (lines.json()) {
            lines.show(event);
            continue;
        }
        lines.put(
            fmt::format("number      {}\nevent.id    {}\ntopic       {}, sequence {}\ncreated     {}\n"
                        "key         {}\nsize        {} bytes\nrefused by  {}\nreason      {}{}\n{}\n",
                        row.number, shown(id_of(row)), to_string(event.topic()), event.sequence,
                        utc_text(event.created_ns), shown(event.key), event.bytes(), shown(row.reader),
                        shown(row.reason), waits(row), exporters::outbox::indented(event.json)));
    }
    return lines.flush() ? kExitDone : kExitFailed;
}

int replay_dead_events(const std::filesystem::path& file, SQLite::Database& database, const EventsOptions& options) {
    std::vector<DeadRow> rows = dead_rows(database, Dead::all);
    if (!options.dead.empty()) {
        auto wanted = named(std::move(rows), options.dead);
        if (!wanted) return fail(wanted.error().text);
        rows = std::move(*wanted);
    } else if (!options.dead_topic.empty()) {
        std::erase_if(rows, [&](const DeadRow& row) { return to_string(row.envelope->topic()) != options.dead_topic; });
    } else if (!options.dead_all) {
        return fail("say which: name their numbers or event.ids, or use --topic TOPIC or --all");
    }
    std::vector<std::int64_t> numbers;
    for (const DeadRow& row : rows) numbers.push_back(row.number);
    const auto outcome = exporters::outbox::replay_dead(file, numbers, kPatience);
    if (!outcome) return fail(outcome.error().text);
    std::printf("%zu dead events wait again for delivery%s\n", outcome->replayed,
                outcome->by_sensor ? "" : "; no sensor runs on this outbox: the next start delivers them");
    if (outcome->asked != 0) {
        std::fprintf(
            stderr,
            "%zu were asked for, but the running sensor cannot take them yet: the reader that refused them is not "
            "configured any more, or the store is full; it goes on trying\n",
            outcome->asked);
    }
    return std::fflush(stdout) == 0 && outcome->asked == 0 ? kExitDone : kExitFailed;
}

}  // namespace telltale::app
