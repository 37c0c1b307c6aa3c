// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/kafka/kafka_figures.h"
#include "exporters/prometheus/metric_family.h"
#include "exporters/store/outbox/outbox_figures.h"
#include "sensor/app/service/event_file.h"
#include "sensor/app/service/fleet_figures.h"
#include "sensor/correlate/counters.h"
#include "sensor/pipeline/event_path.h"
#include "sensor/pipeline/figures.h"

namespace telltale::app {

// The last reload of the configuration.
struct ReloadFigures {
    std::uint64_t reloads = 0;  // successful or not
    bool success = true;
    std::int64_t time_ns = 0;  // wall clock; before the first reload the time of the start
};

// Everything that a running sensor reports about itself, for one scrape or one health event. A value.
struct SensorFigures {
    std::string version;
    std::string signatures_version;
    std::int64_t signatures_released_s = 0;  // seconds since 1970; 0: the bundle does not say it
    std::int64_t started_ns = 0;             // wall clock
    pipeline::PipelineFigures live;
    std::vector<pipeline::PortAccount> accounts;  // one per port
    std::vector<std::string> taps;                // names, in the order of the configuration
    correlate::Counters correlated;               // about a second old
    pipeline::EventPathCounters events;
    exporters::StoreFigures store;
    exporters::StoreLimits limits;
    std::optional<exporters::outbox::OutboxFigures> outbox;
    FleetSums fleet;
    std::optional<kafka::KafkaFigures> kafka;
    std::optional<EventFileFigures> file;
    ReloadFigures reload;
    std::int64_t now_ns = 0;           // wall clock
    std::int64_t clock_offset_ns = 0;  // how far the wall clock was stepped since the start
};

// Returns a port's name in metrics and health: its tap's name and its index there, "uplink:0".
std::string port_label(const SensorFigures& figures, std::size_t port);

// Returns all metrics, telltale_*. Labels come only from the configuration, the signatures and fixed lists.
std::vector<prometheus_http::Family> metric_families(const SensorFigures& figures);

// Add its parts, in the order of the text.
void add_counter_families(const SensorFigures& figures, std::vector<prometheus_http::Family>& families);
void add_port_families(const SensorFigures& figures, std::vector<prometheus_http::Family>& families);
void add_worker_families(const SensorFigures& figures, std::vector<prometheus_http::Family>& families);
void add_traffic_families(const SensorFigures& figures, std::vector<prometheus_http::Family>& families);
void add_delivery_families(const SensorFigures& figures, std::vector<prometheus_http::Family>& families);

// Returns whether the store is about to drop events.
bool store_is_full(const exporters::StoreFigures& store, const exporters::StoreLimits& limits);

}  // namespace telltale::app
