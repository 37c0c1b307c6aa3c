// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/cause.h"

#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>

namespace telltale::kafka {
namespace {

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

Cause cause_of_certificate(int error) {
    switch (error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID: return Cause::certificate_expired;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return Cause::host_name;
        default: return Cause::certificate_untrusted;
    }
}

// OpenSSL's alerts are what the other side found wrong.
bool is_about_our_certificate(std::string_view text) {
    return text.find("alert") != std::string_view::npos && has_any(text, {"certificate", "unknown ca"});
}

Cause cause_of_tls(std::string_view text, int certificate_error) {
    if (has_any(text, {"certificate verify failed"})) return cause_of_certificate(certificate_error);
    if (is_about_our_certificate(text)) return Cause::client_certificate;
    if (has_any(text, {"unexpected eof", "wrong version number", "PLAINTEXT"})) return Cause::security_protocol;
    return Cause::other;
}

Cause cause_of_transport(std::string_view text) {
    if (is_about_our_certificate(text)) return Cause::client_certificate;
    if (has_any(text, {"security.protocol"})) return Cause::security_protocol;
    if (has_any(text, {"timed out"})) return Cause::no_answer;
    return Cause::brokers_away;
}

struct Known {
    rd_kafka_resp_err_t error;
    Cause cause;
};

// Errors whose text does not matter.
constexpr auto kKnown = std::to_array<Known>({
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, Cause::topic_missing},
    {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, Cause::topic_missing},
    {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, Cause::topic_missing},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, Cause::not_authorised},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, Cause::not_authorised},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, Cause::authentication},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, Cause::authentication},
    {RD_KAFKA_RESP_ERR__RESOLVE, Cause::brokers_away},
    {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, Cause::brokers_away},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, Cause::no_answer},
    {RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, Cause::no_answer},
    {RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, Cause::no_answer},
    {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, Cause::no_leader},
    {RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, Cause::throttled},
    {RD_KAFKA_RESP_ERR__QUEUE_FULL, Cause::too_large},  // an event that is larger than the whole queue
    {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, Cause::too_large},
    {RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, Cause::too_large},
    {RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, Cause::too_large},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT, Cause::refused},
    {RD_KAFKA_RESP_ERR_POLICY_VIOLATION, Cause::refused},
    {RD_KAFKA_RESP_ERR_INVALID_RECORD, Cause::refused},
    {RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, Cause::wrong_time},
    {RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE, Cause::producer_ended},
    {RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, Cause::producer_ended},
    {RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, Cause::producer_ended},
    {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Cause::producer_ended},
});

}  // namespace

Cause cause_of(rd_kafka_resp_err_t error, std::string_view text, int certificate_error) {
    if (error == RD_KAFKA_RESP_ERR__SSL) return cause_of_tls(text, certificate_error);
    if (error == RD_KAFKA_RESP_ERR__TRANSPORT) return cause_of_transport(text);
    if (error == RD_KAFKA_RESP_ERR__AUTHENTICATION && has_any(text, {"current SASL state"})) {
        return Cause::security_protocol;
    }
    const auto* known =
        std::find_if(kKnown.begin(), kKnown.end(), [error](const Known& one) { return one.error == error; });
    return known == kKnown.end() ? Cause::other : known->cause;
}

std::string describe(rd_kafka_resp_err_t error) {
    return std::string(rd_kafka_err2name(error)) + ": " + rd_kafka_err2str(error);
}

bool is_final(rd_kafka_resp_err_t error) {
    const Cause cause = cause_of(error, {});
    return error != RD_KAFKA_RESP_ERR__QUEUE_FULL && (cause == Cause::too_large || cause == Cause::refused);
}

}  // namespace telltale::kafka
