// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/events_command.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "exporters/store/outbox/database.h"
#include "exporters/store/outbox/event_query.h"
#include "exporters/store/outbox/outbox_stats.h"
#include "sensor/app/commands/dead_command.h"
#include "sensor/app/commands/event_lines.h"
#include "sensor/app/commands/progress_line.h"
#include "sensor/app/commands/time_argument.h"
#include "sensor/app/config/load_config.h"
#include "sensor/app/service/store_setup.h"
#include "sensor/app/setup/utc_text.h"
#include "sensor/app/summary/text_table.h"
#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

using exporters::Envelope;
using exporters::Position;
using exporters::outbox::EventFilter;
using exporters::outbox::EventQuery;
using exporters::outbox::LookupField;

constexpr std::chrono::milliseconds kFollowPause{500};

std::atomic<bool> interrupted{false};  // by Ctrl-C or SIGTERM

base::Result<std::filesystem::path> store_file(const EventsOptions& options) {
    if (!options.store.empty()) return options.store;
    if (options.config.empty()) return base::Error{"name the outbox with --store FILE or -c CONFIGURATION"};
    const auto loaded = load_config(options.config);
    if (!loaded) return loaded.error();
    const std::filesystem::path file = outbox_file(loaded->config);
    if (file.empty()) {
        return base::Error{options.config.string() + ": 'store.path' is not set: this sensor keeps events in memory"};
    }
    return file;
}

base::Result<EventFilter> filter_of(const EventsOptions& options) {
    EventFilter filter;
    const std::int64_t now_ns = base::wall_clock_ns();
    for (const auto& [option, text, time] :
         {std::tuple{"--since", &options.since, &filter.since_ns}, {"--until", &options.until, &filter.until_ns}}) {
        if (text->empty()) continue;
        const auto parsed = parse_time(*text, now_ns);
        if (!parsed) {
            return base::Error{
                fmt::format("{} '{}' is no time: write 2026-11-30, 2026-11-30T12:00:00, or 90m, 6h, 2d for so long ago",
                            option, *text)};
        }
        *time = *parsed;
    }
    for (const auto field : base::enumerators<LookupField>()) {
        if (!options.lookups[field].empty()) {
            filter.terms.push_back(exporters::outbox::term(field, options.lookups[field]));
        }
    }
    return filter;
}

// Shows everything after a position; returns up to where.
Position show_all(EventQuery& query, const EventFilter& filter, Position after, EventLines& lines, bool with_progress) {
    ProgressLine progress(with_progress, "events");
    const Position start = std::max(after + 1, query.first()) - 1;
    const auto millions = [start](Position place) { return static_cast<double>(place - start) / 1e6; };
    return query.each(
        filter, after, [&](const Envelope& envelope) { lines.show(envelope); },
        [&](Position looked_at, Position end) {
            progress.show(looked_at - start, ProgressLine::Size{millions(looked_at), millions(end), "million"});
            return !interrupted && !lines.failed();
        });
}

int list(SQLite::Database& database, const EventsOptions& options) {
    const auto filter = filter_of(options);
    if (!filter) {
        std::fprintf(stderr, "error: %s\n", filter.error().text.c_str());
        return kExitBadInput;
    }
    EventQuery query(database);
    EventLines lines(options.format);
    Position shown_to = query.last();
    if (options.limit != 0) {
        for (const Envelope& envelope : query.newest(*filter, options.limit)) {
            lines.show(envelope);
            shown_to = std::max(shown_to, envelope.position);
        }
    } else {
        shown_to = show_all(query, *filter, 0, lines, !options.follow);
    }
    while (options.follow && !interrupted && lines.flush()) {
        std::this_thread::sleep_for(kFollowPause);
        shown_to = show_all(query, *filter, shown_to, lines, false);
    }
    return lines.flush() ? kExitDone : kExitFailed;
}

int show_stats(SQLite::Database& database, const EventsOptions& options) {
    const exporters::outbox::OutboxStats stats = exporters::outbox::read_stats(database);
    std::vector<TextTable::Column> columns{
        {"topic"}, {"events", Align::right}, {"size", Align::right}, {"oldest"}, {"newest"}};
    for (const auto& reader : stats.readers) columns.push_back({"waits for " + shown(reader.name), Align::right});
    TextTable table(std::move(columns));
    for (const auto topic : base::enumerators<model::Topic>()) {
        const exporters::outbox::LogStats& log = stats.logs[topic];
        const auto time = [](std::int64_t ns) { return ns == 0 ? std::string("-") : utc_text(ns); };
        std::vector<std::string> cells{std::string(to_string(topic)), grouped(log.events),
                                       byte_size(static_cast<std::int64_t>(log.bytes)), time(log.oldest_ns),
                                       time(log.newest_ns)};
        for (const auto& reader : stats.readers) cells.push_back(grouped(reader.lag[topic]));
        table.add_row(std::move(cells));
    }
    constexpr std::size_t kWide = 1000;  // nothing here is cut
    std::string text = fmt::format("Outbox of {}, start {}; {} events were refused for good\n\n",
                                   shown(stats.sensor_id), stats.boots, stats.dead.size());
    table.render(kWide, text);
    EventLines lines(options.format);
    lines.put(text);
    return lines.flush() ? kExitDone : kExitFailed;
}

}  // namespace

int run_events(const EventsOptions& options) {
    const auto fail = [](const std::string& text) {
        std::fprintf(stderr, "error: %s\n", text.c_str());
        return kExitBadInput;
    };
    const auto file = store_file(options);
    if (!file) return fail(file.error().text);
    const auto database = exporters::outbox::open_for_reading(*file);
    if (!database) return fail(database.error().text);
    for (const int number : {SIGINT, SIGTERM}) std::signal(number, [](int) { interrupted = true; });
    try {
        switch (options.what) {
            case EventsOptions::What::list: return list(**database, options);
            case EventsOptions::What::dead_list: return list_dead(**database, options);
            case EventsOptions::What::dead_show: return show_dead(**database, options);
            case EventsOptions::What::dead_replay: return replay_dead_events(*file, **database, options);
            case EventsOptions::What::stats: return show_stats(**database, options);
        }
    } catch (const std::runtime_error& exception) {
        return fail(file->string() + ": " + exception.what());
    }
    return kExitDone;
}

}  // namespace telltale::app
