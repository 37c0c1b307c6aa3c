// SPDX-License-Identifier: Apache-2.0
// The start of `telltale run`, as an ordered table of steps.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <fstream>

#include "sensor/app/config/web_config.h"
#include "sensor/app/service/crash_file.h"
#include "sensor/app/service/service.h"
#include "sensor/app/service/service_log.h"
#include "sensor/app/service/store_setup.h"
#include "sensor/app/setup/health.h"
#include "sensor/app/setup/period_clock.h"
#include "sensor/app/version.h"
#include "sensor/model/schema_version.h"

namespace telltale::app {
namespace {

base::Status read_configuration(Service& service) {
    if (base::Status loaded = load_settings(service.setup); !loaded) return loaded;
    set_log_level(service.setup.settings.config.service.log_level);
    service.shared.health_interval_ns = service.setup.settings.config.service.health_interval_ns;
    service.shared.state_interval_ns = service.setup.settings.config.service.state_interval_ns;
    service.shared.alert_update_ns = service.setup.settings.config.correlating.alert_update_ns;
    return base::Done{};
}

base::Status check_configuration(Service& service) {
    const LoadedConfig& settings = service.setup.settings;
    const std::string file = settings.file.string();
    if (settings.config.taps.empty()) {
        return base::Error{file +
                           ": 'taps' is missing: name the ports to listen on, for example\n  taps: [{name: "
                           "uplink, ports: [eth0]}]"};
    }
    const Config& config = settings.config;
    if (config.events.empty() && config.kafka.brokers.empty() && outbox_file(config).empty()) {
        return base::Error{file +
                           ": 'store.path', 'events' and 'kafka.brokers' are not set: set one of them, so that "
                           "events are kept or delivered"};
    }
    return check_settings(settings);
}

base::Status prepare_signatures_quietly(Service& service) {
    if (base::Status prepared = prepare_signatures(service.setup); !prepared) return prepared;
    for (const std::string& warning : service.setup.warnings) spdlog::warn("{}", warning);
    return base::Done{};
}

base::Status name_service(Service& service) {
    const Config& config = service.setup.settings.config;
    name_sensor(service.setup, config.sensor_id);
    // With several taps the interface depends on the flow.
    if (config.taps.size() == 1) service.setup.observer.ingress_interface = config.taps.front().name;
    return base::Done{};
}

base::Status make_store(Service& service) {
    const Config& config = service.setup.settings.config;
    if (base::Status opened = open_store(service); !opened) return opened;
    service.setup.keep_rows = service.outbox != nullptr;
    service.store_health = std::make_unique<StoreHealth>(*service.store);
    service.fleet = std::make_unique<FleetFigures>(config.metrics.owners, config.correlating.max_devices);
    for (const signatures::Policy& policy : service.setup.signatures->bundle().policies) {
        service.fleet->expect_alerts(policy.id, static_cast<model::Severity>(policy.severity));
    }
    service.setup.connect_outputs = [&service](pipeline::EventPath& path) {
        path.add_listener([&service](const model::Event& event) { service.fleet->add(event); });
        path.deliver_to(*service.store, service.setup.observer);
    };
    return base::Done{};
}

base::Status open_event_file(Service& service) {
    const LoadedConfig& settings = service.setup.settings;
    if (settings.config.events.empty()) return base::Done{};
    auto file = EventFile::open(settings.config.events.string(), *service.store);
    if (!file) return base::Error{settings.where("events") + ": " + file.error().text};
    service.file = std::move(*file);
    return base::Done{};
}

base::Status make_correlator(Service& service) {
    service.setup.settings.config.correlating.period_clock = period_clock_of(service.taps);
    return connect_correlator(service.setup);
}

base::Status restore_state(Service& service) {
    const LoadedConfig& settings = service.setup.settings;
    const std::filesystem::path& named = settings.config.service.state_file;
    std::optional<StateFile> file;
    if (!named.empty()) file.emplace(named);
    service.state =
        std::make_unique<StateSaver>(service.setup.correlating->correlator(), service.outbox, std::move(file));
    if (base::Status restored = service.state->restore(); !restored) {
        return base::Error{settings.where(service.outbox != nullptr ? "store.path" : "service.state_file") + ": " +
                           restored.error().text};
    }
    return base::Done{};
}

// Later steps make threads, which inherit the mask: only the main thread waits for these signals.
base::Status block_signals(Service&) {
    sigset_t waited;
    sigemptyset(&waited);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&waited, number);
    pthread_sigmask(SIG_BLOCK, &waited, nullptr);
    return base::Done{};
}

base::Status open_taps(Service& service) {
    const Config& config = service.setup.settings.config;
    auto taps = capture::Taps::open(config.dpdk, config.taps, config.workers);
    if (!taps) return taps.error();
    service.taps = std::move(*taps);
    service.blind.assign(service.taps->figures().size(), false);
    return base::Done{};
}

base::Status make_pipeline(Service& service) {
    const Config& config = service.setup.settings.config;
    pipeline::PipelineConfig made;
    made.workers = config.workers;
    made.policy = pipeline::policy_for(*service.taps);
    made.filter = config.filter;
    made.tracking = config.tracking;
    made.defragmenting = config.defragmenting;
    made.on_tick = [&service] { tick(service); };
    made.on_idle = [&service] { service.state->idle(base::monotone_clock_ns()); };
    auto pipeline = pipeline::Pipeline::create(std::move(made), service.setup.signatures, *service.setup.correlating);
    if (!pipeline) return pipeline.error();
    service.pipeline = std::move(*pipeline);
    return base::Done{};
}

base::Status prepare_for_a_crash(Service& service) {
    const LoadedConfig& settings = service.setup.settings;
    const std::filesystem::path& file = settings.config.service.crash_file;
    if (file.empty()) return base::Done{};
    const base::Status kept = keep_frames_of_a_crash(file, service.pipeline->in_hand());
    return kept ? kept : base::Error{settings.where("service.crash_file") + ": " + kept.error().text};
}

base::Status make_kafka_exporter(Service& service) {
    const LoadedConfig& settings = service.setup.settings;
    if (settings.config.kafka.brokers.empty()) return base::Done{};
    const kafka::Headers headers = {{"content-type", "application/json"},
                                    {"schema", std::string(model::kSchemaVersion)},
                                    {"ecs.version", std::string(ecs::kEcsVersion)},
                                    {"sensor.id", service.setup.observer.sensor_id}};
    const auto log = [](kafka::LogLevel level, std::string_view line) {
        switch (level) {
            case kafka::LogLevel::debug: return spdlog::debug("{}", line);
            case kafka::LogLevel::info: return spdlog::info("{}", line);
            case kafka::LogLevel::warning: return spdlog::warn("{}", line);
            case kafka::LogLevel::error: return spdlog::error("{}", line);
        }
    };
    auto exporter = kafka::KafkaExporter::create(settings.config.kafka, *service.store, headers, log);
    if (!exporter) return base::Error{settings.where("kafka") + ": " + exporter.error().text};
    service.kafka = std::move(*exporter);
    return base::Done{};
}

base::Result<std::string> read_reload_secret(const LoadedConfig& loaded) {
    constexpr std::size_t kShortest = 16;
    constexpr std::size_t kLongest = 256;
    const std::filesystem::path& file = loaded.config.metrics.reload_secret_file;
    std::string secret;
    if (file.empty()) return secret;
    std::ifstream stream(file);
    if (!std::getline(stream, secret) || secret.size() < kShortest || secret.size() > kLongest) {
        return base::Error{fmt::format(
            "{}: {} must have a secret of {} to {} characters in its first line; create one with: openssl rand -hex 16 "
            "> {}",
            loaded.where("metrics.reload_secret_file"), file.string(), kShortest, kLongest, file.string())};
    }
    return secret;
}

base::Result<prometheus_http::ServerConfig> metrics_settings(const LoadedConfig& loaded) {
    const MetricsConfig& metrics = loaded.config.metrics;
    prometheus_http::ServerConfig server = metrics.server;
    auto secret = read_reload_secret(loaded);
    if (!secret) return secret.error();
    server.reload_secret = std::move(*secret);
    if (metrics.web_config.empty()) return server;
    if (!server.tls_certificate.empty()) {
        return base::Error{loaded.where("metrics.web_config") + ": set it or 'metrics.tls_certificate', not both"};
    }
    if (const base::Status read = read_web_config(metrics.web_config, server); !read) return read.error();
    return server;
}

base::Status serve_metrics(Service& service) {
    const LoadedConfig& settings = service.setup.settings;
    if (!settings.config.metrics.enabled) return base::Done{};
    const auto config = metrics_settings(settings);
    if (!config) return config.error();
    auto server = prometheus_http::MetricsServer::start(*config, metrics_hooks(service));
    if (!server) return base::Error{settings.where("metrics") + ": " + server.error().text};
    service.metrics = std::move(*server);
    if (!service.metrics->on_loopback() && !config->reload_secret.empty() && config->tls_certificate.empty()) {
        return base::Error{settings.where("metrics.reload_secret_file") +
                           ": the secret would cross the network in clear: set metrics.tls_certificate or "
                           "metrics.web_config, or listen on 127.0.0.1"};
    }
    const bool with_password = !config->users.empty() && !config->tls_certificate.empty();
    if (!service.metrics->on_loopback() && !with_password && config->tls_client_ca.empty()) {
        spdlog::warn(
            "metrics are open to everyone who reaches {}: set metrics.web_config with TLS and users or clients' "
            "certificates, or let a proxy ask on 127.0.0.1",
            config->address);
    }
    return base::Done{};
}

constexpr StartUpStep<Service> kSteps[] = {
    {"configuration", read_configuration},
    {"what the configuration names", check_configuration},
    {"signatures", prepare_signatures_quietly},
    {"sensor's name", name_service},
    {"event store", make_store},
    {"event file", open_event_file},
    {"signals", block_signals},  // before the first step that makes threads
    {"correlator", make_correlator},
    {"saved state", restore_state},
    {"taps", open_taps},
    {"pipeline", make_pipeline},
    {"crash file", prepare_for_a_crash},
    {"Kafka", make_kafka_exporter},
    {"metrics", serve_metrics},
};

// A certificate needs a key, the clients' CAs need a certificate, and the files must be readable.
base::Status check_metrics(const LoadedConfig& loaded) {
    const auto settings = metrics_settings(loaded);
    if (!settings) return settings.error();
    const prometheus_http::ServerConfig& server = *settings;
    if (server.tls_certificate.empty() != server.tls_key.empty()) {
        const char* key = server.tls_key.empty() ? "metrics.tls_certificate" : "metrics.tls_key";
        return base::Error{loaded.where(key) +
                           ": 'metrics.tls_certificate' and 'metrics.tls_key' must be set together"};
    }
    if (!server.tls_client_ca.empty() && server.tls_certificate.empty()) {
        return base::Error{loaded.where("metrics.tls_client_ca") +
                           ": needs 'metrics.tls_certificate' and 'metrics.tls_key'"};
    }
    for (const auto& [key, file] :
         {std::pair{"metrics.tls_certificate", server.tls_certificate}, std::pair{"metrics.tls_key", server.tls_key},
          std::pair{"metrics.tls_client_ca", server.tls_client_ca}}) {
        if (!file.empty() && !std::ifstream(file)) {
            return base::Error{loaded.where(key) + ": " + file.string() + " cannot be read"};
        }
    }
    return base::Done{};
}

}  // namespace

std::span<const StartUpStep<Service>> start_up_steps() { return kSteps; }

base::Status check_kafka(const LoadedConfig& loaded) {
    const kafka::KafkaConfig& config = loaded.config.kafka;
    for (const auto& [name, value] : config.properties) {
        if (const base::Status property = kafka::check_property(name, value); !property) {
            return base::Error{loaded.where("kafka.properties") + ": " + property.error().text};
        }
    }
    if (config.brokers.empty()) return base::Done{};
    const base::Status usable = kafka::check(config);
    if (usable) return base::Done{};
    // The sentence begins with the option, if it is about one.
    const std::string& text = usable.error().text;
    const std::string option = text.substr(0, text.find(": "));
    if (!loaded.lines.contains(option)) return base::Error{loaded.where("kafka") + ": " + text};
    return base::Error{loaded.where(option) + text.substr(option.size())};
}

base::Status check_settings(const LoadedConfig& loaded) {
    const Config& config = loaded.config;
    const auto at = [&loaded](std::string_view key, const base::Status& status) {
        return base::Error{loaded.where(key) + ": " + status.error().text};
    };
    if (!config.taps.empty()) {
        if (const base::Status taps = capture::check(config.dpdk, config.taps); !taps) return at("taps", taps);
    }
    if (const base::Status filter = pipeline::check(config.filter); !filter) return at("ignore", filter);
    if (base::Status kafka = check_kafka(loaded); !kafka) return kafka;
    if (const base::Status store = check_store(config.store_on_disk); !store) return at("store.disk_size", store);
    return check_metrics(loaded);
}

}  // namespace telltale::app
