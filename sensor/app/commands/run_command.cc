// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/run_command.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "sensor/app/service/service.h"
#include "sensor/app/service/service_log.h"
#include "sensor/app/service/service_manager.h"
#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Measured from the signal; a stop may take 5 seconds in all.
constexpr milliseconds kPipelineEnds{3'000};
constexpr milliseconds kStateIsWritten{3'500};
constexpr milliseconds kEventsLeave{4'300};
constexpr milliseconds kLook{100};
constexpr std::chrono::seconds kStatusInterval{10};

// Waits for a signal for up to kLook; returns 0 if none arrived.
int next_signal() {
    sigset_t waited;
    sigemptyset(&waited);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&waited, number);
    const timespec limit{0, std::chrono::nanoseconds(kLook).count()};
    const int number = sigtimedwait(&waited, nullptr, &limit);
    return number > 0 ? number : 0;
}

// Lets a second signal end the program.
void let_signals_kill() {
    sigset_t deadly;
    sigemptyset(&deadly);
    for (const int number : {SIGTERM, SIGINT}) sigaddset(&deadly, number);
    pthread_sigmask(SIG_UNBLOCK, &deadly, nullptr);
}

void hold_back(int number) {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, number);
    pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

// The pipeline's thread.
struct Working {
    std::thread thread;
    std::atomic<bool> ended{false};
    base::Status status = base::Done{};

    void start(Service& service) {
        thread = std::thread([this, &service] {
            status = service.pipeline->run(*service.taps, service.shared.stop);
            ended.store(true, std::memory_order_release);
        });
    }
};

std::vector<std::uint64_t> hearts(const pipeline::PipelineFigures& figures) {
    std::vector<std::uint64_t> beats;
    for (const pipeline::WorkerFigures& worker : figures.workers) beats.push_back(worker.heartbeats);
    return beats;
}

std::string status_sentence(Service& service) {
    const SensorFigures figures = gather(service);
    std::uint64_t received = 0;
    for (const pipeline::PortAccount& account : figures.accounts) received += account.port.received;
    return fmt::format("{} packets on {} ports, {} events, {} of them waiting", received, figures.accounts.size(),
                       figures.store.total().created, figures.store.total().waiting);
}

// Returns at a signal to stop, or when the pipeline has ended.
void watch(Service& service, const Working& working) {
    Heartbeats heartbeats;
    const std::chrono::microseconds watchdog = ServiceManager::watchdog_limit();
    Clock::time_point next_alive = Clock::now();
    Clock::time_point next_status = Clock::now() + std::chrono::seconds(1);
    while (!working.ended.load(std::memory_order_acquire)) {
        const int number = next_signal();
        if (number == SIGHUP) {
            reload(service);
        } else if (number != 0) {
            spdlog::info("stopping: {}", number == SIGTERM ? "SIGTERM" : "SIGINT");
            return;
        }
        service.reload_desk.serve([&service] { return reload(service); });
        const Clock::time_point now = Clock::now();
        if (watchdog.count() != 0 && now >= next_alive && heartbeats.moved(hearts(service.pipeline->figures()))) {
            next_alive = now + watchdog / 3;
            ServiceManager::alive();
        }
        if (now >= next_status) {
            next_status = now + kStatusInterval;
            ServiceManager::status(status_sentence(service));
        }
    }
}

// Returns false if the pipeline does not end in time.
bool end_pipeline(Service& service, Working& working, Clock::time_point deadline) {
    service.shared.stop.store(true, std::memory_order_relaxed);
    while (!working.ended.load(std::memory_order_acquire)) {
        if (Clock::now() >= deadline) return false;
        std::this_thread::sleep_for(milliseconds(5));
    }
    working.thread.join();
    return true;
}

milliseconds left_until(Clock::time_point deadline) {
    return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(deadline - Clock::now()));
}

std::uint64_t refused_by_kafka(const SensorFigures& figures) {
    std::uint64_t refused = 0;
    if (!figures.kafka) return refused;
    for (const kafka::TopicFigures& topic : figures.kafka->topics) refused += topic.dead;
    return refused;
}

// Ends the parts of the sensor in order. Returns the exit status.
int stop(Service& service, Working& working) {
    const Clock::time_point asked = Clock::now();
    ServiceManager::stopping();
    let_signals_kill();
    int status = kExitDone;
    const auto check = [&status](const base::Status& done) {
        if (done) return;
        spdlog::error("{}", done.error().text);
        status = kExitFailed;
    };
    if (!end_pipeline(service, working, asked + kPipelineEnds)) {
        spdlog::critical("the workers do not end: their unreported data is lost");
        std::_Exit(kExitFailed);
    }
    check(working.status);
    service.shared.running.store(false, std::memory_order_release);
    last_tick(service);
    service.store->sync(left_until(asked + kEventsLeave));
    service.reload_desk.close();
    const Clock::time_point deadline = asked + kEventsLeave;
    if (service.file) service.file->begin_finish();
    service.state->finish(asked + kStateIsWritten);  // beside the exporters' threads
    if (service.kafka) check(service.kafka->finish(left_until(deadline)));
    if (service.file) check(service.file->finish(deadline));
    service.store->close();
    service.metrics.reset();
    const SensorFigures figures = gather(service);
    service.taps.reset();
    if (figures.outbox && figures.outbox->uncommitted != 0) {
        check(base::Error{
            fmt::format("outbox: {} events could not be stored and are lost", figures.outbox->uncommitted)});
    }
    if (const std::uint64_t refused = refused_by_kafka(figures); refused != 0) {
        check(base::Error{fmt::format(
            "kafka: {} events were refused for good; {}", refused,
            figures.outbox ? "telltale events dead shows them" : "without an outbox (store.path) they are lost now")});
    }
    const exporters::LogFigures events = figures.store.total();
    spdlog::info("stopped: {} packets, {} events created, {} delivered, {} refused, {} dropped, {} left",
                 figures.live.total.worker.frames, events.created, events.acknowledged, events.dead, events.dropped,
                 events.waiting);
    return status;
}

}  // namespace

int run_sensor(const RunOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);
    hold_back(SIGHUP);  // blocked until the sensor runs: the default action ends the program
    set_up_service_log("info");
    static Service& service = *new Service;  // never destroyed, as in `read`
    service.setup.options.config = options.config;
    service.started = base::read_clocks();
    service.shared.reload.time_ns = service.started.wall_ns;
    if (const base::Status ready = start_up(start_up_steps(), service); !ready) {
        log_error_lines(ready.error().text);
        service.metrics.reset();
        service.kafka.reset();
        service.taps.reset();
        return kExitBadInput;
    }
    if (service.kafka) service.kafka->start();
    if (service.file) service.file->start();
    first_tick(service);
    static Working& working = *new Working;  // likewise
    working.start(service);
    service.shared.running.store(true, std::memory_order_release);
    spdlog::info("{} runs: {} taps, {} workers, {}", service.setup.observer.sensor_id, service.taps->taps().size(),
                 service.setup.settings.config.workers, service.taps->steering_reason());
    if (service.metrics) spdlog::info("metrics on port {}", service.metrics->port());
    ServiceManager::ready();
    watch(service, working);
    return stop(service, working);
}

}  // namespace telltale::app
