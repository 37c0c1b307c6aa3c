// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/kafka/kafka_config.h"
#include "exporters/prometheus/metrics_server.h"
#include "exporters/store/outbox/outbox_config.h"
#include "sensor/base/clock.h"
#include "sensor/capture/tap_config.h"
#include "sensor/correlate/config.h"
#include "sensor/decode/defragmenter.h"
#include "sensor/pipeline/traffic_filter.h"
#include "sensor/track/tracker.h"

namespace telltale::app {

inline constexpr std::size_t kMaxWorkers = capture::kMaxWorkers;

// Settings of the metrics server.
struct MetricsConfig {
    bool enabled = true;
    prometheus_http::ServerConfig server;
    std::filesystem::path web_config;          // more of the server's settings: web_config.h
    std::filesystem::path reload_secret_file;  // its first line is the server's reload_secret
    std::size_t owners = 20;                   // with metrics of their own, those with the most bytes
};

// Settings of `telltale run` that do not concern the analysis.
struct ServiceConfig {
    std::string log_level = "info";
    std::int64_t health_interval_ns = 60 * base::kSecondNs;
    std::filesystem::path crash_file;  // for packets; empty: none
    std::filesystem::path state_file;  // for correlate's state; empty: it is lost with the process
    std::int64_t state_interval_ns = 300 * base::kSecondNs;
};

// The store on disk.
struct StoreOnDisk {
    std::filesystem::path
        file;  // empty: outbox.db in systemd's state directory; without one, events are kept in memory
    std::uint64_t max_bytes = std::uint64_t{4} << 30;  // of all events, waiting and kept
    exporters::outbox::KeepByTopic keep = default_keep();

  private:
    static exporters::outbox::KeepByTopic default_keep() {
        constexpr std::int64_t kDayNs = 86'400 * base::kSecondNs;
        constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
        exporters::outbox::KeepByTopic keep;
        for (exporters::outbox::Keep& one : keep) one = {30 * kDayNs, 256 * kMiB};
        keep[model::Topic::alert] = {90 * kDayNs, 512 * kMiB};
        return keep;
    }
};

// A site's settings: the values of the options in options.h. Construction sets the defaults, which are defined only
// here and in the stages' own structs.
struct Config {
    std::size_t workers = 1;
    std::string sensor_id;                // empty: the host's name
    std::filesystem::path site_key_file;  // empty: the public key of CorrelateConfig
    std::filesystem::path signatures;     // empty: what find_signatures() finds
    std::filesystem::path cache_dir;      // of compiled signatures; empty: user_cache_folder()

    track::TrackerConfig tracking;             // worker and hash key are set by the pipeline
    decode::DefragmenterConfig defragmenting;  // the hash key, too
    correlate::CorrelateConfig correlating;    // the site key is the content of site_key_file
    exporters::StoreLimits store;              // in memory
    std::string store_when_full = "newest";    // which events a full store loses: newest or oldest

    // Used only by `telltale run`.
    std::vector<capture::TapConfig> taps;
    pipeline::TrafficFilterConfig filter;
    capture::DpdkConfig dpdk;
    StoreOnDisk store_on_disk;
    std::filesystem::path events;  // JSON Lines; empty: none
    kafka::KafkaConfig kafka;      // without brokers: none
    MetricsConfig metrics;
    ServiceConfig service;
};

}  // namespace telltale::app
