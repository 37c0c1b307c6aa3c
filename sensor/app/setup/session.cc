// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/session.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sensor/app/setup/health.h"
#include "sensor/app/setup/signature_setup.h"
#include "sensor/app/setup/site_key.h"
#include "sensor/app/version.h"
#include "sensor/correlate/who/keyed_id.h"

namespace telltale::app {
namespace {

std::size_t terminal_width(int descriptor) {
    winsize size{};
    constexpr std::size_t kDefault = 100;
    if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefault;
    return size.ws_col;
}

int print_summary(const Session& session, const SessionFigures& figures) {
    const SessionOptions& options = session.options;
    std::FILE* stream = options.summary_on_stderr() ? stderr : stdout;
    const Summary& summary = session.events->summary();
    const std::string text = options.format == SummaryFormat::json
                                 ? summary.json(figures) + "\n"
                                 : summary.text(figures, terminal_width(fileno(stream)));
    if (std::fwrite(text.data(), 1, text.size(), stream) != text.size() || std::fflush(stream) != 0) {
        spdlog::error("error: the summary could not be written: {}", std::strerror(errno));
        return kExitFailed;
    }
    return kExitDone;
}

}  // namespace

void set_up_log(bool quiet) {
    auto log = spdlog::stderr_logger_st("telltale");
    log->set_pattern("%v");
    log->set_level(quiet ? spdlog::level::warn : spdlog::level::info);
    spdlog::set_default_logger(log);
}

base::Status load_settings(Session& session) {
    const SessionOptions& options = session.options;
    if (!options.config.empty()) {
        auto loaded = load_config(options.config);
        if (!loaded) return loaded.error();
        session.settings = std::move(*loaded);
    }
    Config& config = session.settings.config;
    if (options.workers) config.workers = *options.workers;
    if (!options.home_networks.empty()) config.correlating.home_networks = options.home_networks;
    if (!options.signatures.empty()) config.signatures = options.signatures;
    if (!options.cache_dir.empty()) config.cache_dir = options.cache_dir;
    if (!options.site_key_file.empty()) config.site_key_file = options.site_key_file;
    auto key = read_site_key(config.site_key_file,
                             options.site_key_file.empty() ? session.settings.where("site_key_file") : "--site-key");
    if (!key) return key.error();
    if (!key->empty()) config.correlating.site_key = std::move(*key);
    return base::Done{};
}

base::Status prepare_signatures(Session& session) {
    const Config& config = session.settings.config;
    const auto folder = find_signatures(config.signatures);
    if (!folder) return folder.error();
    std::filesystem::path cache;
    if (!session.options.no_cache) cache = config.cache_dir.empty() ? user_cache_folder() : config.cache_dir;
    auto compiled = load_signatures(*folder, cache);
    if (!compiled) return compiled.error();
    session.signatures = std::move(*compiled);
    if (const std::string& note = session.signatures->report().note; !note.empty()) {
        spdlog::info("note: compiled signatures: {}", note);
    }
    auto oui = signatures::OuiRegistry::load();
    if (oui) {
        session.oui = std::make_unique<signatures::OuiRegistry>(std::move(*oui));
    } else {
        session.warnings.push_back(oui.error().text);
    }
    return base::Done{};
}

void name_sensor(Session& session, const std::string& sensor_id) {
    ecs::ObserverInfo& observer = session.observer;
    observer.hostname = host_name();
    observer.sensor_id = sensor_id.empty() ? observer.hostname : sensor_id;
    observer.name = observer.sensor_id;
    observer.boot_id = new_boot_id();
    observer.version = std::string(kVersion);
    observer.signatures_version = session.signatures->bundle().version;
}

base::Status open_outputs(Session& session) {
    name_sensor(session, {});
    auto events = EventOutput::create(session.options.events, session.settings.config.store);
    if (!events) return events.error();
    session.events = std::move(*events);
    session.connect_outputs = [&session](pipeline::EventPath& path) {
        session.events->connect(path, session.observer);
    };
    if (!session.options.observations.empty()) {
        auto file = jsonl::LineFile::open(session.options.observations, jsonl::LineFile::Existing::keep);
        if (!file) return file.error();
        session.observations_file = std::move(*file);
        session.observations =
            std::make_unique<observations::ObservationWriter>(*session.observations_file, correlate::community_id);
    }
    // Only after every output is open, so that a run that cannot start truncates nothing.
    if (base::Status emptied = session.events->start_over(); !emptied) return emptied;
    return session.observations_file ? session.observations_file->start_over() : base::Done{};
}

base::Status connect_correlator(Session& session) {
    const Config& config = session.settings.config;
    const std::shared_ptr<const signatures::Bundle> bundle(session.signatures, &session.signatures->bundle());
    correlate::CorrelateConfig correlating = config.correlating;
    correlating.keep_rows = session.keep_rows;
    for (const capture::TapConfig& tap : config.taps) {
        correlating.segments += (correlating.segments.empty() ? "" : ", ") + tap.name;
    }
    pipeline::CorrelateStage::Watch watch;
    if (session.observations) {
        watch = [&session](const model::RecordView& record) { session.observations->write(record); };
    }
    session.correlating =
        std::make_unique<pipeline::CorrelateStage>(std::move(correlating), bundle, session.oui.get(), std::move(watch));
    session.connect_outputs(session.correlating->events());
    return base::Done{};
}

bool flush(Session& session) {
    session.correlating->correlator().flush();
    const bool events = static_cast<bool>(session.events->finish());
    return (!session.observations || session.observations->finish()) && events;
}

SessionFigures session_figures(const pipeline::PipelineTotals& counted) {
    SessionFigures shown;
    shown.frames = counted.worker.frames;
    shown.packets = counted.track.packets + counted.track.untracked_packets;
    shown.flows = counted.track.flows_opened;
    shown.bytes = counted.track.bytes;
    shown.malformed = counted.decode.malformed_frames();
    shown.snapped = counted.decode.snapped_frames;
    shown.records_dropped = counted.records_lost();
    return shown;
}

int finish_session(Session& session, const pipeline::PipelineTotals& counted, const SessionFigures& figures,
                   const base::Status& worked) {
    session.correlating->correlator().finish(figures.last_ns);
    session.correlating->events().emit(health_event(counted, session.correlating->correlator().counters(), figures));
    int status = kExitDone;
    auto check = [&status](const base::Status& done) {
        if (done) return;
        spdlog::error("error: {}", done.error().text);
        status = kExitFailed;
    };
    check(session.events->finish());
    if (session.observations) check(session.observations->finish());
    for (const std::string& warning : figures.warnings) spdlog::warn("warning: {}", warning);
    check(worked);
    if (const int printed = print_summary(session, figures); printed != kExitDone) status = printed;
    return status;
}

}  // namespace telltale::app
