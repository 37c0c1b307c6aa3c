// SPDX-License-Identifier: Apache-2.0
// Options of where events and metrics go, and of the service.
#include <array>

#include "sensor/app/config/option_binding.h"

namespace telltale::app {
namespace {

constexpr OptionRange kText{1, 255};
constexpr std::array<std::string_view, 4> kSecurityProtocols = {"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"};
constexpr std::array<std::string_view, 4> kSaslMechanisms = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI"};
constexpr std::array<std::string_view, 4> kLogLevels = {"debug", "info", "warning", "error"};

}  // namespace

std::vector<Option> store_options() {
    using enum OptionType;
    using enum Applies;
    return {
        number("store.events", count, {1000, 100 * kMillion}, at_start, "Events that the store holds.",
               TELLTALE_FIELD(store.max_events)),
        number("store.size", size, {kMiB, 64 * kGiB}, at_start, "Memory that they take, about.",
               TELLTALE_FIELD(store.max_bytes)),
    };
}

std::vector<Option> kafka_options() {
    using enum OptionType;
    using enum Applies;
    return {
        list_of(within(open("kafka.brokers", text, at_start, "Brokers to begin with, as host:port.", "no Kafka",
                            "[kafka1.example.org:9093, kafka2.example.org:9093]", TELLTALE_FIELD(kafka.brokers)),
                       kText)),
        within(bound("kafka.topic_prefix", text, at_start,
                     "What the names of topics begin with; device.v1, destination.v1, transfer.v1, alert.v1 or "
                     "health.v1 follows. Topics are not created.",
                     TELLTALE_FIELD(kafka.topic_prefix)),
               {1, 200}),
        one_of(open("kafka.security.protocol", word, at_start, "How to talk to the brokers.", "plaintext", "sasl_ssl",
                    TELLTALE_FIELD(kafka.security_protocol)),
               kSecurityProtocols),
        one_of(open("kafka.sasl.mechanism", word, at_start, "How to authenticate, with sasl_plaintext or sasl_ssl.",
                    "GSSAPI", "SCRAM-SHA-512", TELLTALE_FIELD(kafka.sasl_mechanism)),
               kSaslMechanisms),
        within(open("kafka.sasl.username", text, at_start, "User name for PLAIN and SCRAM.", "none", "telltale",
                    TELLTALE_FIELD(kafka.sasl_username)),
               kText),
        open("kafka.sasl.password_file", path, at_start, "File whose first line is the password for PLAIN and SCRAM.",
             "none", "kafka.password", TELLTALE_FIELD(kafka.sasl_password_file)),
        open("kafka.ssl.ca.location", path, at_start, "Certificates that the brokers' are held against, PEM.",
             "those of the system", "kafka-ca.pem", TELLTALE_FIELD(kafka.ssl_ca_location)),
        open("kafka.ssl.certificate.location", path, at_start, "The sensor's own certificate, PEM.", "none",
             "sensor.pem", TELLTALE_FIELD(kafka.ssl_certificate_location)),
        open("kafka.ssl.key.location", path, at_start, "Its key, PEM.", "none", "sensor.key",
             TELLTALE_FIELD(kafka.ssl_key_location)),
        open("kafka.ssl.key.password_file", path, at_start, "File whose first line is the key's password.", "none",
             "sensor.key.password", TELLTALE_FIELD(kafka.ssl_key_password_file)),
        number("kafka.queue_events", count, {1, kMillion}, at_start,
               "Events that are handed to the brokers at a time; the others stay in the store.",
               TELLTALE_FIELD(kafka.max_queued_events)),
        number("kafka.queue_size", size, {kMiB, 2 * kGiB}, at_start, "Memory that they take, about.",
               TELLTALE_FIELD(kafka.max_queued_bytes)),
        map_of(within(open("kafka.properties", text, at_start,
                           "Other properties of a librdkafka producer, by librdkafka's own names.", "none",
                           "{client.id: telltale, linger.ms: '50'}", TELLTALE_FIELD(kafka.properties)),
                      {1, 1024})),
    };
}

std::vector<Option> metrics_options() {
    using enum OptionType;
    using enum Applies;
    return {
        bound("metrics.enabled", flag, at_start, "Serve /metrics, /-/healthy, /-/ready and /-/reload by HTTP.",
              TELLTALE_FIELD(metrics.enabled)),
        within(
            bound("metrics.address", text, at_start, "Address to listen on.", TELLTALE_FIELD(metrics.server.address)),
            kText),
        number("metrics.port", count, {0, 65'535}, at_start, "TCP port to listen on; 0 takes a free one and logs it.",
               TELLTALE_FIELD(metrics.server.port)),
        open("metrics.tls_certificate", path, at_start, "Certificate and its chain, PEM, to serve by TLS.",
             "plain HTTP", "metrics.pem", TELLTALE_FIELD(metrics.server.tls_certificate)),
        open("metrics.tls_key", path, at_start, "Its key, PEM, without a pass phrase.", "plain HTTP", "metrics.key",
             TELLTALE_FIELD(metrics.server.tls_key)),
        number("metrics.owners", count, {1, 1000}, at_start,
               "Owners with a figure of their own, those with the most bytes; the others are one figure.",
               TELLTALE_FIELD(metrics.owners)),
    };
}

std::vector<Option> service_options() {
    using enum OptionType;
    using enum Applies;
    return {
        one_of(bound("service.log_level", word, on_reload, "What is written to the log: this and what is worse.",
                     TELLTALE_FIELD(service.log_level)),
               kLogLevels),
        number("service.health_interval", duration, {kSecond, kHour}, on_reload,
               "How often the sensor tells its own state as an event.", TELLTALE_FIELD(service.health_interval_ns)),
        open("service.state_file", path, at_start,
             "File that keeps what is known of devices over a restart, so that they are not announced again.",
             "every start knows nothing", "/var/lib/telltale/state.jsonl", TELLTALE_FIELD(service.state_file)),
        number("service.snapshot_interval", duration, {kSecond, kDay}, on_reload,
               "How often it is written; at the end it is, too.", TELLTALE_FIELD(service.snapshot_interval_ns)),
        open("service.crash_file", path, at_start,
             "Capture file that a crash leaves the packets in that were being analysed, for telltale read. It holds "
             "payload, and its owner alone may read it.",
             "a crash leaves no packets", "/var/lib/telltale/crash.pcap", TELLTALE_FIELD(service.crash_file)),
    };
}

}  // namespace telltale::app
