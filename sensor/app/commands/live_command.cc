// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/live_command.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>

#include "sensor/app/setup/period_clock.h"
#include "sensor/app/setup/session.h"
#include "sensor/app/setup/start_up_step.h"
#include "sensor/capture/taps.h"
#include "sensor/pipeline/pipeline.h"

namespace telltale::app {
namespace {

using Clock = std::chrono::steady_clock;

std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void ask_to_stop(int signal_number) {
    stop_asked.store(true, std::memory_order_relaxed);
    std::signal(signal_number, SIG_DFL);  // a second signal ends the program
}

struct LiveSession : Session {
    std::string interface;
    unsigned seconds = 0;  // 0: until a signal
    std::unique_ptr<capture::Taps> taps;
    std::unique_ptr<pipeline::Pipeline> pipeline;
};

base::Status open_port(LiveSession& session) {
    capture::TapConfig tap;
    tap.name = session.interface;
    tap.ports = {{session.interface}};
    auto taps = capture::Taps::open({}, {tap}, 1);
    if (!taps) return taps.error();
    session.taps = std::move(*taps);
    return base::Done{};
}

base::Status connect_live_correlator(LiveSession& session) {
    session.settings.config.correlating.period_clock = period_clock_of(session.taps);
    return connect_correlator(session);
}

base::Status build_pipeline(LiveSession& session) {
    pipeline::PipelineConfig config;
    config.policy = pipeline::policy_for(*session.taps);
    config.tracking = session.settings.config.tracking;
    config.defragmenting = session.settings.config.defragmenting;
    // A failed output ends the session.
    config.on_tick = [&session] {
        if (!flush(session)) stop_asked.store(true, std::memory_order_relaxed);
    };
    auto made = pipeline::Pipeline::create(std::move(config), session.signatures, *session.correlating);
    if (!made) return made.error();
    session.pipeline = std::move(*made);
    return base::Done{};
}

constexpr StartUpStep<LiveSession> kSteps[] = {
    {"configuration", of_session<load_settings>},
    {"signatures", of_session<prepare_signatures>},
    {"outputs", of_session<open_outputs>},
    {"correlator", connect_live_correlator},
    {"port", open_port},
    {"pipeline", build_pipeline},
};

void note_losses(const capture::PortFigures& port, const std::string& name, std::vector<std::string>& warnings) {
    if (port.missed + port.nombuf + port.errors != 0) {
        warnings.push_back(fmt::format(
            "{}: the driver dropped {} frames because its queue was full and {} because it had no buffers; {} errors",
            name, port.missed, port.nombuf, port.errors));
    }
    if (port.unreadable != 0) {
        warnings.push_back(
            fmt::format("{}: {} frames arrived in several pieces that could not be joined", name, port.unreadable));
    }
    if (port.cut_frames != 0) {
        warnings.push_back(fmt::format(
            "{}: {} frames exceed the ring's frame size and were analysed only in part; their full length is counted. "
            "To avoid this, run: "
            "ethtool -K {} gro off lro off tso off gso off",
            name, port.cut_frames, name));
    }
    const std::uint64_t counted = port.kernel.received_packets + port.kernel.sent_packets;
    if (counted > port.received) {
        warnings.push_back(fmt::format(
            "{}: the interface counted {} packets, {} reached the sensor: the others were lost, or merged into larger "
            "ones by the kernel (ethtool -K {} gro off)",
            name, counted, port.received, name));
    }
}

int process(LiveSession& session) {
    const Clock::time_point started = Clock::now();
    spdlog::info("listening on {}{}", session.interface,
                 session.seconds == 0 ? "; press Ctrl-C to stop" : fmt::format(" for {} s", session.seconds));
    const base::Status worked = session.pipeline->run(*session.taps, stop_asked);
    const capture::PortFigures port = session.taps->figures().front();
    session.taps.reset();

    const pipeline::PipelineTotals counted = session.pipeline->figures().total;
    SessionFigures figures = session_figures(counted);
    figures.elapsed_s = std::chrono::duration<double>(Clock::now() - started).count();
    figures.inputs = {session.interface};
    figures.warnings = session.warnings;
    figures.first_ns = port.first_frame_ns;
    figures.last_ns = port.last_frame_ns;
    note_losses(port, session.interface, figures.warnings);
    return finish_session(session, counted, figures, worked);
}

}  // namespace

int run_live(const LiveOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);
    set_up_log(options.session.quiet);
    static LiveSession& session = *new LiveSession;  // never destroyed, as in `read`
    session.options = options.session;
    session.interface = options.interface;
    session.seconds = options.seconds;
    if (const base::Status ready = start_up(kSteps, session); !ready) {
        spdlog::error("error: {}", ready.error().text);
        return kExitBadInput;
    }
    for (int signal_number : {SIGINT, SIGTERM, SIGALRM}) std::signal(signal_number, ask_to_stop);
    alarm(session.seconds);
    return process(session);
}

}  // namespace telltale::app
