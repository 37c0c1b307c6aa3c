// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "sensor/app/config/config.h"
#include "sensor/app/version.h"

namespace telltale::app {
namespace {

constexpr const char* kReadFooter =
    "Examples:\n"
    "  telltale read capture.pcapng\n"
    "  telltale read --events events.jsonl --workers 2 monday.pcap tuesday.pcap\n"
    "  zcat capture.pcap.gz | telltale read --events - - | jq .message\n"
    "\n"
    "Exit status: 0 done, 1 an output failed, 2 the input or the command line is not usable.";

constexpr const char* kRunFooter =
    "Runs until SIGTERM or SIGINT; SIGHUP reloads the configuration. Under systemd it reports readiness, status and "
    "the "
    "watchdog.\n"
    "telltale check -c FILE checks a configuration, telltale check --sample prints one.\n"
    "Exit status: 0 stopped, 1 it ended with an error, or events were left or refused, 2 it could not start.";

constexpr const char* kTimeHelp =
    "Only events that were created from this time on: 2026-11-30, 2026-11-30T12:00:00 (UTC), or 90m, 6h, 2d ago";

constexpr const char* kEventsFooter =
    "Examples:\n"
    "  telltale events -c telltale.yaml --since 1h --owner xiaomi\n"
    "  telltale events --store outbox.db --dataset alert --severity high --follow\n"
    "  telltale events --store outbox.db --format json --limit 0 --domain example.com | jq .message\n"
    "\n"
    "Works beside a running sensor. Several conditions must all hold.\n"
    "Exit status: 0 done, 1 the output failed, 2 there is no such outbox, or the command line is not usable.";

constexpr const char* kDeadFooter =
    "Examples:\n"
    "  telltale events dead -c telltale.yaml\n"
    "  telltale events dead show 17 --store outbox.db\n"
    "  telltale events dead replay --topic alert --store outbox.db\n"
    "\n"
    "An event is named by its number in the list or by its event.id.";

constexpr const char* kReplayFooter =
    "A replayed event has the same event.id and event.sequence, and goes to the reader that had refused it alone. A\n"
    "running sensor does it, else it is done in the file.\n"
    "Exit status: 0 all wait again, 1 the running sensor has not taken up all of them: it goes on trying, 2 there is "
    "no "
    "such outbox or event, or the command line is not usable.";

constexpr const char* kKafkaFooter =
    "Examples:\n"
    "  telltale kafka topics -c telltale.yaml\n"
    "  telltale kafka topics -c telltale.yaml --create\n"
    "\n"
    "Existing topics are never changed; what differs from the proposal is shown below them.\n"
    "Exit status: 0 all topics exist, 1 some are missing or the brokers cannot be asked, 2 the configuration or the\n"
    "command line is not usable.";

constexpr unsigned kMaxLiveSeconds = 365 * 86'400;

constexpr const char* kLiveFooter =
    "Examples:\n"
    "  telltale live eth0\n"
    "  telltale live eth0 --seconds 60 --events events.jsonl\n"
    "\n"
    "Listens with DPDK's af_packet driver: no hugepages and no configuration, but root or the capabilities NET_RAW,\n"
    "NET_ADMIN and IPC_LOCK. Nothing is sent.\n"
    "Exit status: 0 done, 1 an output or the port failed, 2 the interface or the command line is not usable.";

// Returns an error message, or an empty string, as CLI11 expects of a check.
std::string check_prefix(const std::string& text) {
    if (model::parse_prefix(text)) return {};
    return "'" + text + "' is not a network: write it as 10.0.0.0/8 or 2001:db8::/32";
}

// Declares the options that `read` and `live` share.
void declare_answer(CLI::App& read, SessionOptions& options, std::vector<std::string>& home) {
    read.add_option("--events", options.events,
                    "Write events as JSON Lines to FILE; - is standard output, the summary then goes to standard error")
        ->type_name("FILE|-");
    read.add_option("--observations", options.observations,
                    "Write observations of single packets as JSON Lines to FILE; - is standard output")
        ->type_name("FILE|-");
    read.add_option("--format", options.format, "Format of the summary")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, SummaryFormat>{{"text", SummaryFormat::text}, {"json", SummaryFormat::json}}))
        ->type_name("text|json")
        ->default_str("text");
    read.add_option(
            "-c,--config", options.config,
            "Configuration file; options on the command line take precedence (telltale check --sample prints one)")
        ->type_name("FILE");
    read.add_option("--home", home,
                    "A network whose hosts are yours; may be repeated. Default: the private, unique local and "
                    "link-local networks")
        ->check(check_prefix)
        ->type_name("NETWORK");
    read.add_option("--signatures", options.signatures,
                    "Folder of the signature bundle (default: the one installed with this program)")
        ->type_name("DIR");
    read.add_option("--site-key", options.site_key_file,
                    "File with the key for device ids, 16 to 4096 bytes (default: a public key, the same "
                    "everywhere)")
        ->type_name("FILE");
    read.add_option("--cache", options.cache_dir,
                    "Folder for compiled signatures (default: telltale in the user's cache folder)")
        ->type_name("DIR");
    read.add_flag("--no-cache", options.no_cache, "Compile the signatures without reading or writing the cache");
    read.add_flag("-q,--quiet", options.quiet, "Print only warnings and errors, no progress and no notes");
}

void declare_read(CLI::App& read, ReadOptions& options, std::vector<std::string>& home) {
    read.add_option("FILE", options.files, "Capture files, pcap or pcapng, read in time order; - is standard input")
        ->required();
    read.add_option("--workers", options.session.workers,
                    "Threads that analyse packets; results do not depend on it (default: 1)")
        ->check(CLI::Range(std::size_t{1}, kMaxWorkers));
    declare_answer(read, options.session, home);
    read.footer(kReadFooter);
}

void declare_live(CLI::App& live, LiveOptions& options, std::vector<std::string>& home) {
    live.add_option("INTERFACE", options.interface, "Network interface to listen on")->required();
    live.add_option("--seconds", options.seconds, "Stop after N seconds (default: on Ctrl-C or SIGTERM)")
        ->check(CLI::Range(1U, kMaxLiveSeconds))
        ->type_name("N");
    declare_answer(live, options.session, home);
    live.footer(kLiveFooter);
}

void declare_run(CLI::App& run, RunOptions& options) {
    run.add_option("-c,--config", options.config, "Configuration file")->type_name("FILE")->required();
    run.footer(kRunFooter);
}

void declare_check(CLI::App& check, CheckOptions& options) {
    check.add_option("-c,--config", options.config, "Check this configuration file and the files that it names")
        ->type_name("FILE");
    check.add_flag("--sample", options.sample, "Print a configuration file with every option, its default and help");
    check.add_flag("--reference", options.reference, "Print the reference of all options as Markdown");
    check.require_option(1);
    check.footer("Exit status: 0 the configuration is valid, 1 the output failed, 2 it is not valid.");
}

// Declares how a command of several answers is printed.
void declare_format(CLI::App& command, EventsOptions::Format& format, const std::string& help) {
    command.add_option("--format", format, help)
        ->transform(CLI::CheckedTransformer(std::map<std::string, EventsOptions::Format>{
            {"table", EventsOptions::Format::table}, {"json", EventsOptions::Format::json}}))
        ->type_name("table|json")
        ->default_str("table");
}

// Declares where the outbox is, which the command and its subcommands share.
void declare_store(CLI::App& command, EventsOptions& options) {
    command.add_option("--store", options.store, "File of the outbox (default: the one that the configuration names)")
        ->type_name("FILE");
    command.add_option("-c,--config", options.config, "Configuration file that names the outbox in store.path")
        ->type_name("FILE");
    declare_format(command, options.format, "table, or json: the events as they are kept, one per line");
}

void declare_dead(CLI::App& dead, EventsOptions& options) {
    declare_store(dead, options);
    dead.footer(kDeadFooter);
    dead.require_subcommand(0, 1);
    declare_store(*dead.add_subcommand("list", "List them, oldest first, and why they were refused (default)"),
                  options);
    CLI::App* show = dead.add_subcommand("show", "Show the whole event, and why it was refused");
    declare_store(*show, options);
    show->add_option("ID", options.dead, "Number in the list, or event.id")->required();
    CLI::App* replay = dead.add_subcommand("replay", "Put them back among the events that wait for delivery");
    declare_store(*replay, options);
    CLI::Option* ids = replay->add_option("ID", options.dead, "Numbers in the list, or event.ids");
    CLI::Option* topic = replay->add_option("--topic", options.dead_topic, "All of this topic");
    const auto& topics = base::kWords<model::Topic>;
    topic->check(CLI::IsMember(std::vector<std::string>(topics.begin(), topics.end())))->type_name("TOPIC");
    CLI::Option* all = replay->add_flag("--all", options.dead_all, "All that are listed");
    ids->excludes(topic)->excludes(all);
    topic->excludes(all);
    replay->footer(kReplayFooter);
}

// Takes the words of policies for the numbers in events.
void declare_severity(CLI::Option& option) {
    std::map<std::string, std::string> numbers;
    for (const auto severity : base::enumerators<model::Severity>()) {
        numbers[std::string(to_string(severity))] = std::to_string(base::index_of(severity));
    }
    option.transform(CLI::CheckedTransformer(numbers));
}

void declare_events(CLI::App& events, EventsOptions& options) {
    declare_store(events, options);
    events.add_option("--since", options.since, kTimeHelp)->type_name("TIME");
    events.add_option("--until", options.until, "Only events that were created before this time")->type_name("TIME");
    for (const auto field : base::enumerators<exporters::outbox::LookupField>()) {
        events
            .add_option("--" + std::string(to_string(field)), options.lookups[field],
                        "Only events with " + std::string(exporters::outbox::kLookupHelp[field]))
            ->type_name("VALUE");
    }
    declare_severity(*events.get_option("--severity"));
    events.add_option("-n,--limit", options.limit, "Show at most the newest N; 0: all (default: 100)")->type_name("N");
    events.add_flag("-f,--follow", options.follow, "Go on with new events until Ctrl-C");
    events.footer(kEventsFooter);
    declare_dead(*events.add_subcommand("dead", "Show or replay the events that a destination refused for good"),
                 options);
    CLI::App* stats =
        events.add_subcommand("stats", "Show what the outbox holds, by topic, and how far its readers are");
    declare_store(*stats, options);
}

void declare_kafka(CLI::App& kafka, KafkaOptions& options) {
    kafka.require_subcommand(1);
    CLI::App* topics =
        kafka.add_subcommand("topics", "Show the topics that the sensor needs and how they are, or make them");
    topics->add_option("-c,--config", options.config, "Configuration file, as for telltale run")
        ->type_name("FILE")
        ->required();
    topics->add_flag("--create", options.create, "Make the topics that are missing");
    topics->add_option("--partitions", options.partitions, "Partitions of each topic (default: by topic)")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N");
    topics->add_option("--replication", options.replication, "Replicas of each partition (default: 3, or all brokers)")
        ->check(CLI::Range(1, 100))
        ->type_name("N");
    declare_format(*topics, options.format, "table, or json: one object");
    topics->footer(kKafkaFooter);
}

std::string conflict_in(const SessionOptions& options, const std::vector<std::string>& inputs) {
    if (options.events == "-" && options.observations == "-") {
        return "--events - and --observations - both use standard output: give one of them a file";
    }
    if (!options.events.empty() && options.events != "-" && options.events == options.observations) {
        return "--events and --observations name the same file: " + options.events;
    }
    if (std::count(inputs.begin(), inputs.end(), "-") > 1) {
        return "standard input (-) can be read only once";
    }
    return {};
}

EventsOptions with_subcommand(const CLI::App& events, EventsOptions options) {
    if (events.got_subcommand("dead")) {
        const CLI::App& dead = *events.get_subcommand("dead");
        options.what = dead.got_subcommand("show")     ? EventsOptions::What::dead_show
                       : dead.got_subcommand("replay") ? EventsOptions::What::dead_replay
                                                       : EventsOptions::What::dead_list;
    }
    if (events.got_subcommand("stats")) options.what = EventsOptions::What::stats;
    return options;
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
    CLI::App app(
        "Telltale: which devices on my network send data to whom, how much, and what of it should never have left");
    app.name("telltale");
    app.set_version_flag("--version", "telltale " + std::string(kVersion));
    app.require_subcommand(1);

    ReadOptions read_options;
    std::vector<std::string> home;
    CLI::App* read = app.add_subcommand("read", "Analyse capture files; needs neither root nor a configuration");
    declare_read(*read, read_options, home);
    LiveOptions live_options;
    CLI::App* live = app.add_subcommand("live", "Analyse the traffic of a network interface until Ctrl-C; needs root");
    declare_live(*live, live_options, home);
    RunOptions run_options;
    CLI::App* service = app.add_subcommand("run", "Run as a service on the taps of a configuration; needs root");
    declare_run(*service, run_options);
    CheckOptions check_options;
    CLI::App* check = app.add_subcommand("check", "Check a configuration file, or print a sample or the reference");
    declare_check(*check, check_options);

    EventsOptions events_options;
    CLI::App* events = app.add_subcommand("events", "Show the events that the outbox of a sensor keeps");
    declare_events(*events, events_options);

    KafkaOptions kafka_options;
    CLI::App* kafka = app.add_subcommand("kafka", "Show or make the topics that a configuration needs in Kafka");
    declare_kafka(*kafka, kafka_options);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitBadInput;
    }
    if (check->parsed()) return check_options;
    if (service->parsed()) return run_options;
    if (kafka->parsed()) return kafka_options;
    if (events->parsed()) return with_subcommand(*events, events_options);
    SessionOptions& session = live->parsed() ? live_options.session : read_options.session;
    for (const std::string& network : home) session.home_networks.push_back(*model::parse_prefix(network));
    if (const std::string conflict = conflict_in(session, read_options.files); !conflict.empty()) {
        std::cerr << "error: " << conflict << '\n';
        return kExitBadInput;
    }
    if (live->parsed()) return live_options;
    return read_options;
}

}  // namespace telltale::app
