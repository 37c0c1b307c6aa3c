// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/result.h"

namespace telltale::kafka {

// How to reach a Kafka cluster and what to hand to librdkafka. Plain data; check() says whether it is usable. Fields
// with a librdkafka name behind them are empty when librdkafka's default is to hold. Every other producer property goes
// through `properties` under librdkafka's own name
// (https://github.com/confluentinc/librdkafka/blob/v2.0.2/CONFIGURATION.md).
struct KafkaConfig {
    std::vector<std::string> brokers;        // bootstrap.servers: "host:port", at least one
    std::string topic_prefix = "telltale.";  // of telltale.device.v1 and the like: letters, digits, '.', '_', '-'

    std::string security_protocol;                   // security.protocol: plaintext, ssl, sasl_plaintext, sasl_ssl
    std::string sasl_mechanism;                      // sasl.mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, GSSAPI
    std::string sasl_username;                       // sasl.username
    std::filesystem::path sasl_password_file;        // its first line is sasl.password
    std::filesystem::path ssl_ca_location;           // ssl.ca.location
    std::filesystem::path ssl_certificate_location;  // ssl.certificate.location (mTLS)
    std::filesystem::path ssl_key_location;          // ssl.key.location (mTLS)
    std::filesystem::path ssl_key_password_file;     // its first line is ssl.key.password

    // Pass-through. Refused: names that librdkafka does not know, names that have a field here, and what the promise
    // "nothing lost" rests on (acks, enable.idempotence, message.timeout.ms, callbacks, plugins).
    std::map<std::string, std::string> properties;

    // Limits of what is handed to librdkafka and not acknowledged yet. Each topic may use an equal share of both
    // limits, so that one that is slow or missing does not hold up the others; at its share the exporter stops reading
    // it.
    std::size_t max_queued_events = 20'000;    // 1..1,000,000
    std::size_t max_queued_bytes = 64U << 20;  // 1 MiB..2 GiB

    // Before a failed event is sent again, and before a producer that met a fatal error is made anew; doubles up to
    // kMaxRetryPause while nothing can be acknowledged.
    std::chrono::milliseconds retry_pause{500};
};

inline constexpr std::chrono::milliseconds kMaxRetryPause{10'000};
inline constexpr std::size_t kMaxSecretBytes = 4096;  // of a secret's file

// Whether a producer can be made from it, without a connection to anything: names, values, secrets, certificates. The
// sentence names the option (as the sensor's configuration calls it: kafka.brokers) or the property, and for an unknown
// one the closest that there is.
base::Status check(const KafkaConfig& config);

// The same for one pass-through property, so that a caller can name its line.
base::Status check_property(std::string_view name, const std::string& value);

}  // namespace telltale::kafka
