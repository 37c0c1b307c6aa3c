// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "exporters/ecs/json_format.h"
#include "exporters/event_store.h"
#include "exporters/kafka/kafka_exporter.h"
#include "exporters/prometheus/metrics_server.h"
#include "exporters/store/outbox/outbox_store.h"
#include "sensor/app/service/event_file.h"
#include "sensor/app/service/fleet_figures.h"
#include "sensor/app/service/reload_desk.h"
#include "sensor/app/service/sensor_figures.h"
#include "sensor/app/service/state_saver.h"
#include "sensor/app/service/store_health.h"
#include "sensor/app/setup/session.h"
#include "sensor/app/setup/start_up_step.h"
#include "sensor/base/clock.h"
#include "sensor/capture/taps.h"
#include "sensor/correlate/correlator.h"
#include "sensor/pipeline/pipeline.h"

namespace telltale::app {

// State shared between the correlator thread and the others.
struct Shared {
    std::mutex mutex;  // no worker ever takes it
    correlate::Counters correlated;
    ReloadFigures reload;
    std::atomic<std::int64_t> health_interval_ns{0};
    std::atomic<std::int64_t> alert_update_ns{0};
    std::atomic<std::int64_t> state_interval_ns{0};
    std::atomic<bool> running{false};  // packets are analysed
    std::atomic<bool> stop{false};     // asks the pipeline to end
};

// A running sensor: everything that `telltale run` owns, in order of creation (see start_up_steps()). Created and
// destroyed on the main thread. While it runs, the correlator, the path of its events and the tick belong to the
// pipeline's correlating thread; the store, the exporters and gather() may be used by any thread.
struct Service {
    Session setup;  // current settings, signatures, correlator
    base::ClockReading started;
    std::unique_ptr<exporters::EventStore> store;
    exporters::outbox::OutboxStore* outbox = nullptr;  // the store, if it is on disk
    std::unique_ptr<FleetFigures> fleet;
    std::unique_ptr<StoreHealth> store_health;
    std::unique_ptr<EventFile> file;
    std::unique_ptr<StateSaver> state;
    std::unique_ptr<capture::Taps> taps;
    std::unique_ptr<pipeline::Pipeline> pipeline;
    std::unique_ptr<kafka::KafkaExporter> kafka;
    std::unique_ptr<prometheus_http::MetricsServer> metrics;
    ReloadDesk reload_desk;
    Shared shared;

    // Used only by the correlator thread.
    std::int64_t next_health_ns = 0;   // monotone clock
    std::int64_t clock_offset_ns = 0;  // as last reported
    std::vector<bool> blind;           // by port, as last reported
};

// The steps of the start, in order.
std::span<const StartUpStep<Service>> start_up_steps();

// Checks what a configuration names: taps, filter, Kafka, certificates, keys. Keeps nothing open.
base::Status check_settings(const LoadedConfig& loaded);

// Checks the section 'kafka' and its files, without a connection.
base::Status check_kafka(const LoadedConfig& loaded);

// Collects the sensor's current figures. Any thread, while it runs.
SensorFigures gather(Service& service);

// The first tick, on the main thread before the pipeline starts: reports health, so that the first event of a boot says
// how the last boot ended, however soon this one ends.
void first_tick(Service& service);
// Runs about once per second on the correlator thread: publishes counters, emits posted events, reports health and taps
// that went blind or recovered and steps of the clock, saves the state.
void tick(Service& service);
// The last tick, on the main thread after the pipeline has ended.
void last_tick(Service& service);

// Reloads the configuration, applies what can be applied now and reports it as an event. Main thread. The answer is for
// the caller of the HTTP endpoint.
prometheus_http::Answer reload(Service& service);

prometheus_http::Hooks metrics_hooks(Service& service);

}  // namespace telltale::app
