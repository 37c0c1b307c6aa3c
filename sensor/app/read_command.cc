// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/read_command.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "exporters/observations/observation_writer.h"
#include "sensor/app/config/load_config.h"
#include "sensor/app/event_output.h"
#include "sensor/app/health.h"
#include "sensor/app/progress.h"
#include "sensor/app/signature_setup.h"
#include "sensor/app/site_key.h"
#include "sensor/app/version.h"
#include "sensor/capture/capture_files.h"
#include "sensor/correlate/correlator.h"
#include "sensor/pipeline/file_pipeline.h"
#include "signatures/oui_registry.h"

namespace telltale::app {
namespace {

using Clock = std::chrono::steady_clock;

// Everything that a run needs before its first frame, in the order in which it is made.
struct Run {
    LoadedConfig settings;
    std::unique_ptr<capture::CaptureFiles> files;
    std::shared_ptr<const match::CompiledSignatures> signatures;
    std::unique_ptr<signatures::OuiRegistry> oui;
    std::unique_ptr<EventOutput> events;
    std::unique_ptr<jsonl::LineFile> observations_file;
    std::unique_ptr<observations::ObservationWriter> observations;
    std::unique_ptr<correlate::Correlator> correlator;
    std::unique_ptr<pipeline::FilePipeline> pipeline;
    std::vector<std::string> warnings;
};

void set_up_log(bool quiet) {
    auto log = spdlog::stderr_logger_st("telltale");
    log->set_pattern("%v");
    log->set_level(quiet ? spdlog::level::warn : spdlog::level::info);
    spdlog::set_default_logger(log);
}

// The configuration file, and over it what the command line says.
base::Status load_settings(const ReadOptions& options, Run& run) {
    if (!options.config.empty()) {
        auto loaded = load_config(options.config);
        if (!loaded) return loaded.error();
        run.settings = std::move(*loaded);
    }
    Config& config = run.settings.config;
    if (options.workers) config.workers = *options.workers;
    if (!options.home_networks.empty()) config.correlating.home_networks = options.home_networks;
    if (!options.signatures.empty()) config.signatures = options.signatures;
    if (!options.cache_dir.empty()) config.cache_dir = options.cache_dir;
    if (!options.site_key_file.empty()) config.site_key_file = options.site_key_file;
    auto key = read_site_key(config.site_key_file,
                             options.site_key_file.empty() ? run.settings.where("site_key_file") : "--site-key");
    if (!key) return key.error();
    if (!key->empty()) config.correlating.site_key = std::move(*key);
    return base::Done{};
}

base::Status open_inputs(const ReadOptions& options, Run& run) {
    auto files = capture::CaptureFiles::open(options.files, {});
    if (!files) return files.error();
    run.files = std::move(*files);
    return base::Done{};
}

// The same regular file, also under another name or through a link.
bool same_file(const std::string& left, const std::string& right) {
    if (left.empty() || right.empty() || left == "-" || right == "-") return false;
    std::error_code missing;
    if (!std::filesystem::exists(left, missing) && !std::filesystem::exists(right, missing)) {
        return std::filesystem::weakly_canonical(left, missing) == std::filesystem::weakly_canonical(right, missing);
    }
    return std::filesystem::is_regular_file(left, missing) && std::filesystem::equivalent(left, right, missing);
}

// Opening an output empties it: a capture must not be lost to a slip of the hand.
base::Status keep_inputs(const ReadOptions& options, Run&) {
    for (const std::string& file : options.files) {
        for (const auto& [option, output] : {std::pair{"--events", options.events},
                                             std::pair{"--observations", options.observations}}) {
            if (!same_file(file, output)) continue;
            return base::Error{fmt::format("{} {} would overwrite the input {}", option, output, file)};
        }
    }
    if (same_file(options.events, options.observations)) {
        return base::Error{fmt::format("--events and --observations name the same file: {}", options.observations)};
    }
    return base::Done{};
}

base::Status prepare_signatures(const ReadOptions& options, Run& run) {
    const Config& config = run.settings.config;
    const auto folder = find_signatures(config.signatures);
    if (!folder) return folder.error();
    std::filesystem::path cache;
    if (!options.no_cache) cache = config.cache_dir.empty() ? user_cache_folder() : config.cache_dir;
    auto compiled = load_signatures(*folder, cache);
    if (!compiled) return compiled.error();
    run.signatures = std::move(*compiled);
    if (const std::string& note = run.signatures->report().note; !note.empty()) {
        spdlog::info("note: compiled signatures: {}", note);
    }
    auto oui = signatures::OuiRegistry::load();
    if (oui) {
        run.oui = std::make_unique<signatures::OuiRegistry>(std::move(*oui));
    } else {
        run.warnings.push_back(oui.error().text);
    }
    return base::Done{};
}

base::Status open_outputs(const ReadOptions& options, Run& run) {
    ecs::ObserverInfo observer;
    observer.hostname = host_name();
    observer.name = observer.hostname;
    observer.sensor_id = observer.hostname;
    observer.boot_id = new_boot_id();
    observer.version = std::string(kVersion);
    observer.signatures_version = run.signatures->bundle().version;
    auto events = EventOutput::create(options.events, observer, run.settings.config.store);
    if (!events) return events.error();
    run.events = std::move(*events);
    if (options.observations.empty()) return base::Done{};
    auto file = jsonl::LineFile::open(options.observations);
    if (!file) return file.error();
    run.observations_file = std::move(*file);
    run.observations = std::make_unique<observations::ObservationWriter>(*run.observations_file);
    return base::Done{};
}

base::Status build_pipeline(const ReadOptions&, Run& run) {
    const std::shared_ptr<const signatures::Bundle> bundle(run.signatures, &run.signatures->bundle());
    run.correlator = std::make_unique<correlate::Correlator>(
        run.settings.config.correlating, bundle, run.oui.get(),
        [&run](model::Event&& event) { run.events->emit(std::move(event)); });

    pipeline::RecordConsumer consumer;
    consumer.on_record = [&run](const model::RecordView& record) {
        run.correlator->on_record(record);
        if (run.observations) run.observations->write(record);
    };
    consumer.on_interval_end = [&run](std::int64_t end_ns) { run.correlator->close_interval(end_ns); };
    pipeline::FilePipelineConfig config;
    config.workers = run.settings.config.workers;
    config.tracking = run.settings.config.tracking;
    config.defragmenting = run.settings.config.defragmenting;
    auto made = pipeline::FilePipeline::create(config, run.signatures, std::move(consumer));
    if (!made) return made.error();
    run.pipeline = std::move(*made);
    return base::Done{};
}

std::size_t terminal_width(int descriptor) {
    winsize size{};
    constexpr std::size_t kDefault = 100;
    if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefault;
    return size.ws_col;
}

RunFigures run_figures(const ReadOptions& options, const Run& run, double elapsed_s) {
    const pipeline::PipelineFigures figures = run.pipeline->figures();
    RunFigures shown;
    shown.frames = figures.frames;
    shown.packets = figures.track.packets + figures.track.untracked_packets;
    shown.flows = figures.track.flows_opened;
    shown.bytes = figures.track.bytes;
    shown.malformed = figures.decode.malformed_frames();
    shown.snapped = figures.decode.snapped_frames;
    shown.records_dropped = figures.records_lost;
    shown.elapsed_s = elapsed_s;
    shown.inputs = options.files;
    shown.warnings = run.warnings;
    for (const capture::FileStatistics& file : run.files->statistics()) {
        shown.warnings.insert(shown.warnings.end(), file.warnings.begin(), file.warnings.end());
        if (file.frames == 0) continue;
        if (shown.first_ns == 0 || file.first_ns < shown.first_ns) shown.first_ns = file.first_ns;
        if (file.last_ns > shown.last_ns) shown.last_ns = file.last_ns;
    }
    return shown;
}

int print_summary(const ReadOptions& options, const Run& run, const RunFigures& figures) {
    std::FILE* stream = options.summary_on_stderr() ? stderr : stdout;
    const Summary& summary = run.events->summary();
    const std::string text = options.format == SummaryFormat::json
                                 ? summary.json(figures) + "\n"
                                 : summary.text(figures, terminal_width(fileno(stream)));
    if (std::fwrite(text.data(), 1, text.size(), stream) != text.size() || std::fflush(stream) != 0) {
        spdlog::error("error: the summary could not be written: {}", std::strerror(errno));
        return kExitFailed;
    }
    return kExitDone;
}

int process(const ReadOptions& options, Run& run) {
    const Clock::time_point started = Clock::now();
    Progress progress(!options.quiet);
    const base::Status read = run.pipeline->run(*run.files, [&] {
        const capture::Progress at = run.files->progress();
        progress.show(run.files->frames(), at.bytes_read, at.bytes_total);
    });
    progress.clear();

    const double elapsed_s = std::chrono::duration<double>(Clock::now() - started).count();
    RunFigures figures = run_figures(options, run, elapsed_s);
    run.correlator->finish(figures.last_ns);
    run.events->emit(health_event(run.pipeline->figures(), run.correlator->counters(), figures));
    int status = kExitDone;
    auto check = [&status](const base::Status& done) {
        if (done) return;
        spdlog::error("error: {}", done.error().text);
        status = kExitFailed;
    };
    check(run.events->finish());
    if (run.observations) check(run.observations->finish());
    for (const std::string& warning : figures.warnings) spdlog::warn("warning: {}", warning);
    check(read);
    if (const int printed = print_summary(options, run, figures); printed != kExitDone) status = printed;
    return status;
}

}  // namespace

int run_read(const ReadOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write that met it
    set_up_log(options.quiet);
    // Never destroyed: the process ends after this, and taking large tables apart would cost a tenth of the run.
    static Run& run = *new Run;
    for (auto* step : {load_settings, open_inputs, keep_inputs, prepare_signatures, open_outputs, build_pipeline}) {
        const base::Status done = step(options, run);
        if (!done) {
            spdlog::error("error: {}", done.error().text);
            return kExitBadInput;
        }
    }
    return process(options, run);
}

}  // namespace telltale::app
