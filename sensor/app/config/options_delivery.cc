// SPDX-License-Identifier: Apache-2.0
// Options for the delivery of events, for metrics and for the service.
#include <array>

#include "sensor/app/config/option_binding.h"
#include "sensor/model/schema_version.h"

namespace telltale::app {
namespace {

constexpr OptionRange kText{1, 255};

std::string_view topic_prefix_help() {
    static const std::string kHelp = [] {
        std::string names;
        for (const auto topic : base::enumerators<model::Topic>()) {
            const bool last = base::index_of(topic) + 1 == base::kCount<model::Topic>;
            names += (names.empty() ? "" : last ? " or " : ", ") + model::versioned(topic);
        }
        return "Prefix of the topics' names; " + names + " follows. telltale kafka topics creates them.";
    }();
    return kHelp;
}

constexpr auto kSecurityProtocols = std::to_array<std::string_view>({"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"});
constexpr auto kSaslMechanisms = std::to_array<std::string_view>({"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI"});
constexpr auto kWhenFull = std::to_array<std::string_view>({"newest", "oldest"});
constexpr auto kLogLevels = std::to_array<std::string_view>({"debug", "info", "warning", "error"});

}  // namespace

// How long events of a topic stay in the outbox after their delivery.
#define TELLTALE_KEEP_OPTIONS(topic, word)                                                         \
    number("store.keep." word ".age", duration, {0, 3650 * kDay}, at_start,                        \
           "How long delivered events of the topic " word " stay in the outbox, to be asked for.", \
           TELLTALE_FIELD(store_on_disk.keep[model::Topic::topic].age_ns)),                        \
        number("store.keep." word ".size", size, {0, 1024 * kGiB}, at_start,                       \
               "How many bytes of these may stay; the oldest leave first.",                        \
               TELLTALE_FIELD(store_on_disk.keep[model::Topic::topic].bytes)),

std::vector<Option> store_options() {
    using enum OptionType;
    using enum Applies;
    return {
        open("store.path", path, at_start,
             "File of the outbox: events survive a restart of the sensor, and telltale events shows them.",
             "outbox.db in the state directory that systemd gives; without one, events are kept in memory",
             "/var/lib/telltale/outbox.db", TELLTALE_FIELD(store_on_disk.file)),
        number("store.disk_size", size, {16 * kMiB, 1024 * kGiB}, at_start,
               "Bytes that the events in the outbox may take, as they are rendered. All store.keep sizes together may "
               "be half of it.",
               TELLTALE_FIELD(store_on_disk.max_bytes)),
        one_of(
            bound("store.when_full", word, at_start,
                  "Which events are lost when the store is full, on disk or in memory. newest: new ones are dropped, "
                  "first contacts first, alerts last. oldest: the oldest that wait are evicted for new ones, first "
                  "contacts first, and never for one that is worth less.",
                  TELLTALE_FIELD(store_when_full)),
            kWhenFull),
        TELLTALE_TOPICS(TELLTALE_KEEP_OPTIONS)
            number("store.events", count, {1000, 100 * kMillion}, at_start, "Events that the store in memory holds.",
                   TELLTALE_FIELD(store.max_events)),
        number("store.size", size, {kMiB, 64 * kGiB}, at_start,
               "Bytes that these events may take, as they are rendered.", TELLTALE_FIELD(store.max_bytes)),
    };
}
#undef TELLTALE_KEEP_OPTIONS

std::vector<Option> kafka_options() {
    using enum OptionType;
    using enum Applies;
    return {
        list_of(within(open("kafka.brokers", text, at_start, "Bootstrap brokers, as host:port.", "no Kafka",
                            "[kafka1.example.org:9093, kafka2.example.org:9093]", TELLTALE_FIELD(kafka.brokers)),
                       kText)),
        within(bound("kafka.topic_prefix", text, at_start, topic_prefix_help(), TELLTALE_FIELD(kafka.topic_prefix)),
               {1, 200}),
        one_of(open("kafka.security.protocol", word, at_start, "Protocol spoken with the brokers.", "plaintext",
                    "sasl_ssl", TELLTALE_FIELD(kafka.security_protocol)),
               kSecurityProtocols),
        one_of(open("kafka.sasl.mechanism", word, at_start, "Authentication mechanism for sasl_plaintext and sasl_ssl.",
                    "GSSAPI", "SCRAM-SHA-512", TELLTALE_FIELD(kafka.sasl_mechanism)),
               kSaslMechanisms),
        within(open("kafka.sasl.username", text, at_start, "User name for PLAIN and SCRAM.", "none", "telltale",
                    TELLTALE_FIELD(kafka.sasl_username)),
               kText),
        open("kafka.sasl.password_file", path, at_start,
             "File with the password for PLAIN and SCRAM in its first line.", "none", "kafka.password",
             TELLTALE_FIELD(kafka.sasl_password_file)),
        open("kafka.ssl.ca.location", path, at_start,
             "CA certificates that the brokers' certificates are verified with, PEM.", "the system's", "kafka-ca.pem",
             TELLTALE_FIELD(kafka.ssl_ca_location)),
        open("kafka.ssl.certificate.location", path, at_start, "The sensor's own certificate, PEM.", "none",
             "sensor.pem", TELLTALE_FIELD(kafka.ssl_certificate_location)),
        open("kafka.ssl.key.location", path, at_start, "Private key of that certificate, PEM.", "none", "sensor.key",
             TELLTALE_FIELD(kafka.ssl_key_location)),
        open("kafka.ssl.key.password_file", path, at_start, "File with the key's password in its first line.", "none",
             "sensor.key.password", TELLTALE_FIELD(kafka.ssl_key_password_file)),
        number(
            "kafka.queue_events", count, {1, kMillion}, at_start,
            "Events in librdkafka's queue at the same time, in equal shares per topic; the others stay in the store.",
            TELLTALE_FIELD(kafka.max_queued_events)),
        number("kafka.queue_size", size, {kMiB, 2 * kGiB}, at_start,
               "Bytes that these events may take, as they are rendered.", TELLTALE_FIELD(kafka.max_queued_bytes)),
        map_of(within(open("kafka.properties", text, at_start,
                           "Further properties of the librdkafka producer, under librdkafka's own names.", "none",
                           "{client.id: telltale, linger.ms: '50'}", TELLTALE_FIELD(kafka.properties)),
                      {1, 1024})),
    };
}

std::vector<Option> metrics_options() {
    using enum OptionType;
    using enum Applies;
    return {
        bound("metrics.enabled", flag, at_start, "Serve /metrics, /-/healthy, /-/ready and /-/reload over HTTP.",
              TELLTALE_FIELD(metrics.enabled)),
        within(
            bound("metrics.address", text, at_start, "Address to listen on.", TELLTALE_FIELD(metrics.server.address)),
            kText),
        number("metrics.port", count, {0, 65'535}, at_start, "TCP port to listen on; 0 picks a free port and logs it.",
               TELLTALE_FIELD(metrics.server.port)),
        open("metrics.tls_certificate", path, at_start, "Certificate and chain, PEM, to serve over TLS.", "plain HTTP",
             "metrics.pem", TELLTALE_FIELD(metrics.server.tls_certificate)),
        open("metrics.tls_key", path, at_start, "Private key of that certificate, PEM, without a pass phrase.",
             "plain HTTP", "metrics.key", TELLTALE_FIELD(metrics.server.tls_key)),
        open("metrics.tls_client_ca", path, at_start,
             "CA certificates, PEM: with TLS, only clients with a certificate of one of them are answered.",
             "all clients", "clients-ca.pem", TELLTALE_FIELD(metrics.server.tls_client_ca)),
        open("metrics.web_config", path, at_start,
             "File with TLS and users in the format that Prometheus' exporters share (tls_server_config, "
             "basic_auth_users), in place of metrics.tls_*.",
             "none", "web-config.yml", TELLTALE_FIELD(metrics.web_config)),
        open("metrics.reload_secret_file", path, at_start,
             "File with a secret in its first line, 16 to 256 characters: who sends it (Authorization: Bearer SECRET) "
             "may reload by POST /-/reload.",
             "nobody may; SIGHUP reloads", "reload.secret", TELLTALE_FIELD(metrics.reload_secret_file)),
        number("metrics.owners", count, {1, 1000}, at_start,
               "Owners with metrics of their own, those with the most bytes; the others are added up as one.",
               TELLTALE_FIELD(metrics.owners)),
    };
}

std::vector<Option> service_options() {
    using enum OptionType;
    using enum Applies;
    return {
        one_of(bound("service.log_level", word, on_reload, "Lowest level of messages that are logged.",
                     TELLTALE_FIELD(service.log_level)),
               kLogLevels),
        number("service.health_interval", duration, {kSecond, kHour}, on_reload,
               "How often the sensor reports its own state as an event.", TELLTALE_FIELD(service.health_interval_ns)),
        open("service.state_file", path, at_start,
             "File that keeps what is known about devices across restarts, so that they are not announced again. With "
             "an "
             "outbox it is read once, and the outbox keeps it from then on.",
             "nothing is kept across restarts without an outbox", "/var/lib/telltale/state.jsonl",
             TELLTALE_FIELD(service.state_file)),
        renamed_from("snapshot_interval", number("service.state_interval", duration, {kSecond, kDay}, on_reload,
                                                 "How often the state file is written; it is also written at the end.",
                                                 TELLTALE_FIELD(service.state_interval_ns))),
        open("service.crash_file", path, at_start,
             "Capture file for the packets that were being analysed when the sensor crashed, to be replayed with "
             "telltale "
             "read. It contains payload; only its owner may read it.",
             "no packets are kept", "/var/lib/telltale/crash.pcap", TELLTALE_FIELD(service.crash_file)),
    };
}

}  // namespace telltale::app
