// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>
#include <string_view>

#include "sensor/base/enumeration.h"

namespace telltale::kafka {

// Why events do not reach Kafka: the closed list of the metric's label, of log lines, and of what to do.
//   X(cause, its word, whether it concerns a topic or the cluster, what is wrong, what to do)
#define TELLTALE_KAFKA_CAUSES(X)                                                                                 \
    X(topic_missing, "topic_missing", topic, "the topic does not exist", "run telltale kafka topics --create")   \
    X(not_authorised, "not_authorised", topic, "the brokers do not permit it",                                   \
      "grant this user WRITE and DESCRIBE on the topic")                                                         \
    X(authentication, "authentication", cluster, "the brokers reject the user",                                  \
      "check kafka.sasl.username, kafka.sasl.password_file and kafka.sasl.mechanism")                            \
    X(certificate_untrusted, "certificate_untrusted", cluster, "no trusted CA signed the broker's certificate",  \
      "set kafka.ssl.ca.location to the CA of the brokers")                                                      \
    X(certificate_expired, "certificate_expired", cluster, "the broker's certificate is not valid now",          \
      "renew it, or set the clock of this machine")                                                              \
    X(host_name, "host_name", cluster, "the broker's certificate is for another host name",                      \
      "use a name of the certificate in kafka.brokers and in the brokers' advertised.listeners")                 \
    X(client_certificate, "client_certificate", cluster, "the brokers reject the sensor's certificate",          \
      "check kafka.ssl.certificate.location, whether it has expired, and the CA that the brokers trust")         \
    X(security_protocol, "security_protocol", cluster, "the broker's port speaks another protocol",              \
      "check kafka.security.protocol and the ports in kafka.brokers")                                            \
    X(brokers_away, "brokers_away", cluster, "a broker cannot be reached",                                       \
      "check that it runs, kafka.brokers, and the network between")                                              \
    X(no_answer, "no_answer", cluster, "the brokers do not answer", "check whether they hang or are overloaded") \
    X(no_leader, "no_leader", topic, "a partition has no leader", "start the brokers that hold its replicas")    \
    X(throttled, "throttled", cluster, "a quota of the brokers slows the sensor down",                           \
      "raise the quota of its user or client.id")                                                                \
    X(too_large, "too_large", topic, "an event is too large",                                                    \
      "raise max.message.bytes of the topic and message.max.bytes in kafka.properties")                          \
    X(refused, "refused", topic, "the brokers reject an event", "see telltale events dead and the brokers' log") \
    X(wrong_time, "wrong_time", topic, "the brokers reject the time of an event",                                \
      "set the clock of this machine and of the brokers; the event is sent again with the present time")         \
    X(producer_ended, "producer_ended", topic, "the producer ended",                                             \
      "nothing: what is not acknowledged is sent by a new one")                                                  \
    X(store, "store", topic, "the store of events cannot be read", "check its disk")                             \
    X(other, "other", topic, "the delivery fails", "see the brokers' log")

TELLTALE_ENUMERATION(Cause, std::uint8_t, TELLTALE_KAFKA_CAUSES)

// Whether a cause is reported for each topic that meets it, or once for all.
enum class CauseScope : std::uint8_t { topic, cluster };

#define TELLTALE_CAUSE_SCOPE(cause, word, scope, wrong, todo) CauseScope::scope,
#define TELLTALE_CAUSE_WRONG(cause, word, scope, wrong, todo) std::string_view(wrong),
#define TELLTALE_CAUSE_TODO(cause, word, scope, wrong, todo) std::string_view(todo),
inline constexpr base::EnumArray<Cause, CauseScope> kCauseScope({TELLTALE_KAFKA_CAUSES(TELLTALE_CAUSE_SCOPE)});
inline constexpr base::EnumArray<Cause, std::string_view> kWrong({TELLTALE_KAFKA_CAUSES(TELLTALE_CAUSE_WRONG)});
inline constexpr base::EnumArray<Cause, std::string_view> kToDo({TELLTALE_KAFKA_CAUSES(TELLTALE_CAUSE_TODO)});
#undef TELLTALE_CAUSE_SCOPE
#undef TELLTALE_CAUSE_WRONG
#undef TELLTALE_CAUSE_TODO

// Recognises the cause of an error of librdkafka. Its text distinguishes what the code does not; `certificate_error` is
// what OpenSSL found wrong with the broker's certificate (X509_V_ERR_*; 0: nothing).
Cause cause_of(rd_kafka_resp_err_t error, std::string_view text, int certificate_error = 0);

// Returns "UNKNOWN_TOPIC_OR_PART: Broker: Unknown topic or partition".
std::string describe(rd_kafka_resp_err_t error);

// Sending the same event again would not help.
bool is_final(rd_kafka_resp_err_t error);

}  // namespace telltale::kafka
