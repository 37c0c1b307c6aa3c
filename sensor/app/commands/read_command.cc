// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/read_command.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "sensor/app/commands/progress_line.h"
#include "sensor/app/setup/session.h"
#include "sensor/app/setup/start_up_step.h"
#include "sensor/capture/capture_files.h"
#include "sensor/pipeline/pipeline.h"

namespace telltale::app {
namespace {

using Clock = std::chrono::steady_clock;

// Everything that a session needs before its first frame, in order of creation.
struct ReadSession : Session {
    std::vector<std::string> inputs;
    std::unique_ptr<capture::CaptureFiles> files;
    std::unique_ptr<ProgressLine> progress;
    std::unique_ptr<pipeline::Pipeline> pipeline;
};

base::Status open_inputs(ReadSession& session) {
    auto files = capture::CaptureFiles::open(session.inputs, {});
    if (!files) return files.error();
    session.files = std::move(*files);
    return base::Done{};
}

// Whether both name the same regular file, also through a link.
bool same_file(const std::string& left, const std::string& right) {
    if (left.empty() || right.empty() || left == "-" || right == "-") return false;
    std::error_code missing;
    if (!std::filesystem::exists(left, missing) && !std::filesystem::exists(right, missing)) {
        return std::filesystem::weakly_canonical(left, missing) == std::filesystem::weakly_canonical(right, missing);
    }
    return std::filesystem::is_regular_file(left, missing) && std::filesystem::equivalent(left, right, missing);
}

// Opening an output truncates it, so an input must not be an output, too.
base::Status keep_inputs(ReadSession& session) {
    const SessionOptions& options = session.options;
    for (const std::string& file : session.inputs) {
        for (const auto& [option, output] :
             {std::pair{"--events", options.events}, std::pair{"--observations", options.observations}}) {
            if (!same_file(file, output)) continue;
            return base::Error{fmt::format("{} {} would overwrite the input {}", option, output, file)};
        }
    }
    if (same_file(options.events, options.observations)) {
        return base::Error{fmt::format("--events and --observations name the same file: {}", options.observations)};
    }
    return base::Done{};
}

base::Status build_pipeline(ReadSession& session) {
    pipeline::PipelineConfig config;
    config.workers = session.settings.config.workers;
    config.policy = pipeline::policy_for_files(config.workers);
    session.progress = std::make_unique<ProgressLine>(!session.options.quiet, "frames");
    config.after_poll = [&session] {
        const capture::Progress at = session.files->progress();
        const auto megabytes = [](std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; };
        session.progress->show(session.files->frames(),
                               ProgressLine::Size{megabytes(at.bytes_read), megabytes(at.bytes_total), "MB"});
    };
    // Standard input may pause; an output that has failed is reported at the end.
    config.on_tick = [&session] { static_cast<void>(flush(session)); };
    config.tracking = session.settings.config.tracking;
    config.defragmenting = session.settings.config.defragmenting;
    auto made = pipeline::Pipeline::create(std::move(config), session.signatures, *session.correlating);
    if (!made) return made.error();
    session.pipeline = std::move(*made);
    return base::Done{};
}

constexpr StartUpStep<ReadSession> kSteps[] = {
    {"configuration", of_session<load_settings>},
    {"inputs", open_inputs},
    {"inputs that must not be overwritten", keep_inputs},
    {"signatures", of_session<prepare_signatures>},
    {"outputs", of_session<open_outputs>},
    {"correlator", of_session<connect_correlator>},
    {"pipeline", build_pipeline},
};

SessionFigures figures_of(const ReadSession& session, const pipeline::PipelineTotals& counted, double elapsed_s) {
    SessionFigures shown = session_figures(counted);
    shown.elapsed_s = elapsed_s;
    shown.inputs = session.inputs;
    shown.warnings = session.warnings;
    for (const capture::FileStatistics& file : session.files->statistics()) {
        shown.warnings.insert(shown.warnings.end(), file.warnings.begin(), file.warnings.end());
        if (file.frames == 0) continue;
        if (shown.first_ns == 0 || file.first_ns < shown.first_ns) shown.first_ns = file.first_ns;
        if (file.last_ns > shown.last_ns) shown.last_ns = file.last_ns;
    }
    return shown;
}

int process(ReadSession& session) {
    const Clock::time_point started = Clock::now();
    const base::Status read = session.pipeline->run(*session.files);
    session.progress->clear();

    const double elapsed_s = std::chrono::duration<double>(Clock::now() - started).count();
    const pipeline::PipelineTotals counted = session.pipeline->figures().total;
    return finish_session(session, counted, figures_of(session, counted, elapsed_s), read);
}

}  // namespace

int run_read(const ReadOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is reported by the write that fails
    set_up_log(options.session.quiet);
    // Never destroyed: the process ends after this, and freeing large tables would take a tenth of the run.
    static ReadSession& session = *new ReadSession;
    session.options = options.session;
    session.inputs = options.files;
    if (const base::Status ready = start_up(kSteps, session); !ready) {
        spdlog::error("error: {}", ready.error().text);
        return kExitBadInput;
    }
    return process(session);
}

}  // namespace telltale::app
