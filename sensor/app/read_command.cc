// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/read_command.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "sensor/app/progress.h"
#include "sensor/app/run_setup.h"
#include "sensor/capture/capture_files.h"
#include "sensor/pipeline/file_pipeline.h"

namespace telltale::app {
namespace {

using Clock = std::chrono::steady_clock;

// Everything that a run needs before its first frame, in the order in which it is made.
struct Run : RunSetup {
    std::unique_ptr<capture::CaptureFiles> files;
    std::unique_ptr<pipeline::FilePipeline> pipeline;
};

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

base::Status build_pipeline(const ReadOptions&, Run& run) {
    pipeline::FilePipelineConfig config;
    config.workers = run.settings.config.workers;
    config.tracking = run.settings.config.tracking;
    config.defragmenting = run.settings.config.defragmenting;
    auto made = pipeline::FilePipeline::create(config, run.signatures, correlating_consumer(run));
    if (!made) return made.error();
    run.pipeline = std::move(*made);
    return base::Done{};
}

RunFigures figures_of(const ReadOptions& options, const Run& run, const pipeline::PipelineFigures& counted,
                      double elapsed_s) {
    RunFigures shown = run_figures(counted);
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

int process(const ReadOptions& options, Run& run) {
    const Clock::time_point started = Clock::now();
    Progress progress(!options.quiet);
    const base::Status read = run.pipeline->run(*run.files, [&] {
        const capture::Progress at = run.files->progress();
        progress.show(run.files->frames(), at.bytes_read, at.bytes_total);
    });
    progress.clear();

    const double elapsed_s = std::chrono::duration<double>(Clock::now() - started).count();
    const pipeline::PipelineFigures counted = run.pipeline->figures();
    return finish_run(options, run, counted, figures_of(options, run, counted, elapsed_s), read);
}

}  // namespace

int run_read(const ReadOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write that met it
    set_up_log(options.quiet);
    // Never destroyed: the process ends after this, and taking large tables apart would cost a tenth of the run.
    static Run& run = *new Run;
    using Step = std::function<base::Status(const ReadOptions&, Run&)>;
    for (const Step& step : {Step(load_settings), Step(open_inputs), Step(keep_inputs), Step(prepare_signatures),
                             Step(open_outputs), Step(build_correlator), Step(build_pipeline)}) {
        const base::Status done = step(options, run);
        if (!done) {
            spdlog::error("error: {}", done.error().text);
            return kExitBadInput;
        }
    }
    return process(options, run);
}

}  // namespace telltale::app
