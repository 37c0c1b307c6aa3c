// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/kafka_config.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "exporters/kafka/producer_conf.h"
#include "exporters/kafka/property_names.h"

namespace telltale::kafka {
namespace {

constexpr std::size_t kMaxPrefix = 200;  // a topic's name may have 249 characters

bool in_topic_name(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.' || letter == '_' || letter == '-';
}

base::Status check_broker(const std::string& broker) {
    const auto fail = [&] {
        return base::Error{"kafka.brokers: \"" + broker + "\" is not a broker: write host:port, one an entry"};
    };
    const auto spoils = [](char letter) {
        return letter == ',' || std::isspace(static_cast<unsigned char>(letter)) != 0;
    };
    if (broker.empty() || std::any_of(broker.begin(), broker.end(), spoils)) return fail();
    const std::size_t colon = broker.rfind(':');
    const std::size_t bracket = broker.rfind(']');
    if (colon == 0) return fail();
    if (colon == std::string::npos || (bracket != std::string::npos && bracket > colon)) return base::Done{};
    std::uint16_t port = 0;
    const char* end = broker.data() + broker.size();
    const auto [rest, error] = std::from_chars(broker.data() + colon + 1, end, port);
    if (error != std::errc{} || rest != end || port == 0) return fail();
    return base::Done{};
}

std::string in_lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return text;
}

base::Error needs_protocol(const std::string& option, const char* protocols, const std::string& set) {
    return base::Error{option + ": needs kafka.security.protocol " + protocols + "; it is " +
                       (set.empty() ? "not set, so that everything would be sent in clear" : set)};
}

base::Status check_protocol_of_properties(const KafkaConfig& config, const std::string& protocol) {
    const bool tls = protocol.ends_with("ssl");
    const bool sasl = protocol.starts_with("sasl");
    for (const auto& [name, value] : config.properties) {
        if (!why_not_passed_through(name).empty()) continue;  // refused for more than that
        const bool of_tls = name.starts_with("ssl.") || name.starts_with("enable.ssl.");
        if (of_tls && !tls) return needs_protocol("kafka.properties: " + name, "ssl or sasl_ssl", protocol);
        if (name.starts_with("sasl.") && !sasl) {
            return needs_protocol("kafka.properties: " + name, "sasl_plaintext or sasl_ssl", protocol);
        }
    }
    return base::Done{};
}

// Settings that librdkafka would silently ignore: whoever writes them believes that they protect something.
base::Status check_protocol(const KafkaConfig& config) {
    const std::string protocol = in_lower_case(config.security_protocol);
    const bool tls = protocol.ends_with("ssl");
    const bool sasl = protocol.starts_with("sasl");
    const auto used = std::to_array<std::pair<const char*, bool>>({
        {"kafka.ssl.ca.location", !config.ssl_ca_location.empty()},
        {"kafka.ssl.certificate.location", !config.ssl_certificate_location.empty()},
        {"kafka.ssl.key.location", !config.ssl_key_location.empty()},
        {"kafka.ssl.key.password_file", !config.ssl_key_password_file.empty()},
        {"kafka.sasl.mechanism", !config.sasl_mechanism.empty()},
        {"kafka.sasl.username", !config.sasl_username.empty()},
        {"kafka.sasl.password_file", !config.sasl_password_file.empty()},
    });
    for (const auto& [option, is_set] : used) {
        const bool of_tls = std::string_view(option).starts_with("kafka.ssl.");
        if (!is_set || (of_tls ? tls : sasl)) continue;
        return needs_protocol(option, of_tls ? "ssl or sasl_ssl" : "sasl_plaintext or sasl_ssl", protocol);
    }
    return check_protocol_of_properties(config, protocol);
}

base::Status check_key_pair(const KafkaConfig& config) {
    const bool has_certificate = !config.ssl_certificate_location.empty();
    if (has_certificate == !config.ssl_key_location.empty()) return base::Done{};
    const std::string one = has_certificate ? "certificate" : "key";
    const std::string other = has_certificate ? "key" : "certificate";
    return base::Error{"kafka.ssl." + one + ".location: needs kafka.ssl." + other + ".location beside it"};
}

// librdkafka's own sentences on these do not say which property they are about.
base::Status check_sasl(const KafkaConfig& config) {
    constexpr std::array kMechanisms = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI"};
    const std::string& mechanism = config.sasl_mechanism;
    if (!in_lower_case(config.security_protocol).starts_with("sasl")) return base::Done{};
    if (std::find(kMechanisms.begin(), kMechanisms.end(), mechanism) == kMechanisms.end()) {
        return base::Error{"kafka.sasl.mechanism: \"" + mechanism +
                           "\" must be PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or GSSAPI"};
    }
    if (mechanism != "GSSAPI" && (config.sasl_username.empty() || config.sasl_password_file.empty())) {
        return base::Error{"kafka.sasl.mechanism: " + mechanism +
                           " needs kafka.sasl.username and kafka.sasl.password_file"};
    }
    return base::Done{};
}

base::Status check_fields(const KafkaConfig& config) {
    if (config.brokers.empty()) return base::Error{"kafka.brokers: none is given: write at least one host:port"};
    for (const std::string& broker : config.brokers) {
        if (base::Status status = check_broker(broker); !status) return status;
    }
    const std::string& prefix = config.topic_prefix;
    if (prefix.size() > kMaxPrefix || !std::all_of(prefix.begin(), prefix.end(), in_topic_name)) {
        return base::Error{"kafka.topic_prefix: \"" + prefix +
                           "\" cannot start a topic's name: at most 200 letters, digits, '.', '_' and '-'"};
    }
    if (config.max_queued_events < 1 || config.max_queued_events > 1'000'000) {
        return base::Error{"kafka.queue_events: must be from 1 to 1000000"};
    }
    if (config.max_queued_bytes < (1U << 20) || config.max_queued_bytes > (2UL << 30)) {
        return base::Error{"kafka.queue_size: must be from 1 MiB to 2 GiB"};
    }
    if (base::Status status = check_protocol(config); !status) return status;
    if (base::Status status = check_key_pair(config); !status) return status;
    return check_sasl(config);
}

}  // namespace

base::Status check_property(std::string_view name, const std::string& value) {
    KafkaConfig config;
    config.properties.emplace(name, value);
    const base::Result<ProducerConf> conf = make_conf(config, false);
    if (!conf) return conf.error();
    return base::Done{};
}

base::Status check(const KafkaConfig& config) {
    if (base::Status status = check_fields(config); !status) return status;
    base::Result<ProducerConf> conf = make_conf(config, false);
    if (!conf) return conf.error();
    // Values that do not go together, and certificates, are only looked at when a producer is made.
    std::array<char, 512> reason{};
    rd_kafka_conf_set_log_cb(conf->get(), [](const rd_kafka_t*, int, const char*, const char*) {});
    rd_kafka_t* producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason.data(), reason.size());
    if (producer == nullptr) return base::Error{std::string("kafka: ") + reason.data()};
    (void)conf->release();
    rd_kafka_destroy(producer);
    return base::Done{};
}

}  // namespace telltale::kafka
