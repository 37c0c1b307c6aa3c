// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "exporters/store/outbox/event_terms.h"
#include "sensor/app/setup/exit_status.h"
#include "sensor/app/setup/session_options.h"

namespace telltale::app {

// Options of `telltale read`.
struct ReadOptions {
    std::vector<std::string> files;
    SessionOptions session;
};

// Options of `telltale check`: exactly one is set.
struct CheckOptions {
    std::filesystem::path config;
    bool sample = false;
    bool reference = false;
};

// Options of `telltale live`.
struct LiveOptions {
    std::string interface;
    unsigned seconds = 0;  // 0: until a signal
    SessionOptions session;
};

// Options of `telltale run`.
struct RunOptions {
    std::filesystem::path config;
};

// Options of `telltale events`.
struct EventsOptions {
    enum class What : std::uint8_t { list, dead_list, dead_show, dead_replay, stats };
    enum class Format : std::uint8_t { table, json };

    What what = What::list;
    std::filesystem::path store;
    std::filesystem::path config;  // names the store, if `store` is empty
    std::string since;             // TimeArgument
    std::string until;
    base::EnumArray<exporters::outbox::LookupField, std::string> lookups;  // empty: any
    std::size_t limit = 100;                                               // 0: all
    bool follow = false;
    Format format = Format::table;
    std::vector<std::string> dead;  // event.id, or the number that the list shows
    std::string dead_topic;         // in place of `dead`: all of this topic
    bool dead_all = false;          // in place of `dead`: all
};

// Options of `telltale kafka topics`.
struct KafkaOptions {
    std::filesystem::path config;
    bool create = false;
    int partitions = 0;   // 0: as proposed
    int replication = 0;  // likewise
    EventsOptions::Format format = EventsOptions::Format::table;
};

// The command to run, or the exit status if there is nothing to run (--help, --version, or an invalid command line; the
// text has been printed).
using CommandLine = std::variant<ReadOptions, LiveOptions, RunOptions, CheckOptions, EventsOptions, KafkaOptions, int>;
CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace telltale::app
