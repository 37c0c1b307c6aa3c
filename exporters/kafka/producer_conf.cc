// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/producer_conf.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <utility>

#include "exporters/kafka/property_names.h"
#include "sensor/model/schema_version.h"

namespace telltale::kafka {
namespace {

// May be overridden by pass-through properties.
constexpr auto kDefaults = std::to_array<std::pair<const char*, const char*>>({
    {"client.id", "telltale"},
    {"compression.codec", "zstd"},
    {"linger.ms", "20"},
    {"partitioner", "murmur2_random"},  // the Java clients' one, so that topics are co-partitioned with theirs
    {"allow.auto.create.topics", "false"},
    {"reconnect.backoff.ms", "100"},
    {"reconnect.backoff.max.ms", "1000"},  // with the default, events still waited long after the brokers were back
    {"socket.keepalive.enable", "true"},
    {"statistics.interval.ms", "5000"},
    {"topic.metadata.propagation.max.ms",
     "5000"},  // an unknown topic is reported after this; the event waits and is retried
});

// May not: see why_not_passed_through().
constexpr auto kFixed = std::to_array<std::pair<const char*, const char*>>({
    {"enable.idempotence", "true"},
    // Order of keys: a batch that fails ends the producer before a later one leaves, and none is under way beside it.
    {"enable.gapless.guarantee", "true"},
    {"max.in.flight", "1"},
    {"acks", "all"},
    {"message.timeout.ms", "0"},  // never: the store keeps what the brokers do not take
    {"log.queue", "true"},        // log lines come out of poll(), on the exporter's thread
});

base::Status set(rd_kafka_conf_t& conf, const std::string& name, const std::string& value) {
    std::array<char, 512> reason{};
    switch (rd_kafka_conf_set(&conf, name.c_str(), value.c_str(), reason.data(), reason.size())) {
        case RD_KAFKA_CONF_OK: return base::Done{};
        case RD_KAFKA_CONF_UNKNOWN: {
            const std::string closest = closest_name(name, producer_property_names());
            return base::Error{"kafka property " + name + " is not known to librdkafka" +
                               (closest.empty() ? std::string() : "; did you mean " + closest + "?")};
        }
        case RD_KAFKA_CONF_INVALID: break;
    }
    return base::Error{"kafka property " + name + ": " + reason.data()};
}

base::Result<std::string> read_secret(const char* option, const std::filesystem::path& file) {
    const auto fail = [&](const std::string& why) {
        return base::Error{std::string(option) + ": " + file.string() + " " + why};
    };
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text(kMaxSecretBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.gcount() == 0 && !stream.eof()) {
        return fail(std::string("cannot be read: ") + std::strerror(errno != 0 ? errno : EIO));
    }
    if (stream.gcount() > static_cast<std::streamsize>(kMaxSecretBytes)) return fail("is too large for a secret");
    text.resize(static_cast<std::size_t>(stream.gcount()));
    text.resize(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.empty()) return fail("is empty: its first line must be the secret");
    if (text.find('\0') != std::string::npos) return fail("holds a zero byte");
    return text;
}

base::Status set_secret(rd_kafka_conf_t& conf, const char* property, const char* option,
                        const std::filesystem::path& file) {
    if (file.empty()) return base::Done{};
    const base::Result<std::string> secret = read_secret(option, file);
    if (!secret) return secret.error();
    return set(conf, property, *secret);
}

base::Status set_brokers(rd_kafka_conf_t& conf, const KafkaConfig& config) {
    std::string list;
    for (const std::string& broker : config.brokers) list += (list.empty() ? "" : ",") + broker;
    return set(conf, "bootstrap.servers", list);
}

base::Status set_named(rd_kafka_conf_t& conf, const KafkaConfig& config) {
    const auto named = std::to_array<std::pair<const char*, std::string>>({
        {"security.protocol", config.security_protocol},
        {"sasl.mechanism", config.sasl_mechanism},
        {"sasl.username", config.sasl_username},
        {"ssl.ca.location", config.ssl_ca_location.string()},
        {"ssl.certificate.location", config.ssl_certificate_location.string()},
        {"ssl.key.location", config.ssl_key_location.string()},
    });
    for (const auto& [name, value] : named) {
        if (value.empty()) continue;
        if (base::Status status = set(conf, name, value); !status) return status;
    }
    base::Status password = set_secret(conf, "sasl.password", "kafka.sasl.password_file", config.sasl_password_file);
    if (!password) return password;
    return set_secret(conf, "ssl.key.password", "kafka.ssl.key.password_file", config.ssl_key_password_file);
}

base::Status set_limits(rd_kafka_conf_t& conf, const KafkaConfig& config) {
    // Every topic may have one event on its way.
    const std::size_t events = std::max(config.max_queued_events, base::kCount<model::Topic>);
    base::Status status = set(conf, "queue.buffering.max.messages", std::to_string(events));
    if (!status) return status;
    return set(conf, "queue.buffering.max.kbytes", std::to_string(config.max_queued_bytes / 1024));
}

}  // namespace

base::Result<ProducerConf> make_conf(const KafkaConfig& config, bool connect) {
    ProducerConf conf(rd_kafka_conf_new());
    for (const auto& [name, value] : kDefaults) {
        if (base::Status status = set(*conf, name, value); !status) return status.error();
    }
    for (const auto& [name, value] : config.properties) {
        if (const std::string_view why = why_not_passed_through(name); !why.empty()) {
            return base::Error{"kafka property " + name + " " + std::string(why)};
        }
        if (base::Status status = set(*conf, name, value); !status) return status.error();
    }
    for (const auto& [name, value] : kFixed) {
        if (base::Status status = set(*conf, name, value); !status) return status.error();
    }
    if (base::Status status = set_named(*conf, config); !status) return status.error();
    if (base::Status status = set_limits(*conf, config); !status) return status.error();
    if (connect) {
        if (base::Status status = set_brokers(*conf, config); !status) return status.error();
    } else {
        // Neither a ticket nor a cluster is asked for.
        if (base::Status status = set(*conf, "sasl.kerberos.min.time.before.relogin", "0"); !status) {
            return status.error();
        }
        if (base::Status status = set(*conf, "test.mock.num.brokers", "0"); !status) return status.error();
    }
    return conf;
}

base::Status bound_batches(rd_kafka_conf_t& conf, std::size_t bytes) {
    std::array<char, 32> text{};
    std::size_t size = text.size();
    if (rd_kafka_conf_get(&conf, "batch.size", text.data(), &size) != RD_KAFKA_CONF_OK) return base::Done{};
    std::size_t is = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), is);
    if (is <= bytes) return base::Done{};
    return set(conf, "batch.size", std::to_string(bytes));
}

std::string topic_name(const KafkaConfig& config, model::Topic topic) {
    return config.topic_prefix + model::versioned(topic);
}

}  // namespace telltale::kafka
