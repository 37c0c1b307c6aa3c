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

}  // namespace

Cause cause_of(rd_kafka_resp_err_t error, std::string_view text, int certificate_error) {
    switch (error) {
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: return Cause::topic_missing;
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return Cause::not_authorised;
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED: return Cause::authentication;
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
            return has_any(text, {"current SASL state"}) ? Cause::security_protocol : Cause::authentication;
        case RD_KAFKA_RESP_ERR__SSL: return cause_of_tls(text, certificate_error);
        case RD_KAFKA_RESP_ERR__TRANSPORT: return cause_of_transport(text);
        case RD_KAFKA_RESP_ERR__RESOLVE:
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN: return Cause::brokers_away;
        case RD_KAFKA_RESP_ERR__TIMED_OUT:
        case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
        case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return Cause::no_answer;
        case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE: return Cause::no_leader;
        case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED: return Cause::throttled;
        case RD_KAFKA_RESP_ERR__QUEUE_FULL:  // an event that is larger than the whole queue
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
        case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: return Cause::too_large;
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
        case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
        case RD_KAFKA_RESP_ERR_INVALID_RECORD: return Cause::refused;
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP: return Cause::wrong_time;
        case RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE:
        case RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER:
        case RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID:
        case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH: return Cause::producer_ended;
        default: return Cause::other;
    }
}

std::string describe(rd_kafka_resp_err_t error) {
    return std::string(rd_kafka_err2name(error)) + ": " + rd_kafka_err2str(error);
}

bool is_final(rd_kafka_resp_err_t error) {
    const Cause cause = cause_of(error, {});
    return error != RD_KAFKA_RESP_ERR__QUEUE_FULL && (cause == Cause::too_large || cause == Cause::refused);
}

}  // namespace telltale::kafka
