// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "exporters/ecs/json_format.h"
#include "exporters/kafka/kafka_exporter.h"
#include "exporters/prometheus/metrics_server.h"
#include "exporters/store/memory_store.h"
#include "sensor/app/commands/command_line.h"
#include "sensor/app/service/event_feed.h"
#include "sensor/app/service/event_file.h"
#include "sensor/app/service/fleet_figures.h"
#include "sensor/app/service/reload_desk.h"
#include "sensor/app/service/sensor_figures.h"
#include "sensor/app/service/state_file.h"
#include "sensor/app/setup/session.h"
#include "sensor/capture/taps.h"
#include "sensor/correlate/correlator.h"
#include "sensor/pipeline/live_pipeline.h"

namespace telltale::app {

// What the correlator's thread shows to others, and is told by them.
struct Shared {
    std::mutex mutex;  // no worker ever takes it
    correlate::Counters correlated;
    ReloadFigures reload;
    std::atomic<std::int64_t> health_interval_ns{0};
    std::atomic<std::int64_t> alert_update_ns{0};
    std::atomic<std::int64_t> save_interval_ns{0};
    std::atomic<bool> running{false};  // packets are taken
    std::atomic<bool> stop{false};     // the pipeline is to end
};

// A running sensor: everything that `telltale run` owns, in the order in which it is made (see start_up_steps()). Made
// and taken apart on the main thread. While it runs, the correlator, the feed and the tick belong to the pipeline's
// correlating thread; the store, the exporters and gather() are any thread's.
struct Service {
    RunOptions options;
    Session setup;  // settings as they hold now, signatures
    std::int64_t started_ns = 0;
    ecs::ObserverInfo observer;
    std::unique_ptr<exporters::MemoryStore> store;
    std::unique_ptr<FleetFigures> fleet;
    std::unique_ptr<EventFeed> feed;
    std::unique_ptr<ecs::JsonFormat> file_format;
    std::unique_ptr<EventFile> file;
    std::unique_ptr<correlate::Correlator> correlator;
    std::unique_ptr<StateFile> state_file;
    std::unique_ptr<capture::Taps> taps;
    std::unique_ptr<pipeline::LivePipeline> pipeline;
    std::unique_ptr<ecs::JsonFormat> kafka_format;
    std::unique_ptr<kafka::KafkaExporter> kafka;
    std::unique_ptr<prometheus_http::MetricsServer> metrics;
    ReloadDesk reload_desk;
    Shared shared;

    // Of the correlator's thread.
    std::int64_t next_health_ns = 0;
    std::int64_t next_save_ns = 0;
    std::future<base::Status> saving;  // the state on its way to the disk
    std::vector<bool> blind;           // by port, as last told
};

// One step of the start. Each needs those before it; what fails names option or file and what to do.
struct StartUpStep {
    std::string_view name;
    base::Status (*run)(Service&);
};
std::span<const StartUpStep> start_up_steps();

// Whether what a configuration names can be used: taps, filter, Kafka, certificates, keys. Opens nothing for good.
base::Status check_settings(const LoadedConfig& loaded);

// Everything that the sensor says of itself at this moment. Any thread, while it runs.
SensorFigures gather(Service& service);

// About once a second, on the correlator's thread: publishes counters, emits what others posted, tells health and taps
// that went blind or came back, saves the state.
void tick(Service& service);
// The last of it, on the main thread when the pipeline has ended.
void last_tick(Service& service);

// Reads the configuration again and takes over what can be; tells it by event. On the main thread. The answer is for
// whoever asked.
prometheus_http::Answer reload(Service& service);

prometheus_http::Hooks metrics_hooks(Service& service);

std::int64_t wall_clock_ns();

}  // namespace telltale::app
