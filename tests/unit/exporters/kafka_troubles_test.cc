// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <set>
#include <vector>

#include "exporters/kafka/statistics.h"
#include "exporters/kafka/troubles.h"

namespace telltale::kafka {
namespace {

using model::Topic;
using std::chrono::seconds;

// Texts as librdkafka 2.0.2 writes them, met with a real broker.
TEST(KafkaCause, IsRecognised) {
    constexpr const char* kHandshake = "ssl://127.0.0.1:9093/bootstrap: SSL handshake failed: error:0A000086:SSL ";
    const auto handshake = [&](const char* rest) { return std::string(kHandshake) + rest; };
    const struct {
        rd_kafka_resp_err_t error;
        std::string text;
        int certificate;
        Cause expected;
    } cases[] = {
        {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, "", 0, Cause::topic_missing},
        {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "", 0, Cause::topic_missing},
        {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "", 0, Cause::not_authorised},
        {RD_KAFKA_RESP_ERR__AUTHENTICATION, "SASL authentication error: Authentication failed: Invalid username", 0,
         Cause::authentication},
        {RD_KAFKA_RESP_ERR__AUTHENTICATION,
         "SASL PLAIN mechanism handshake failed: Broker: Request not valid in current SASL state", 0,
         Cause::security_protocol},
        {RD_KAFKA_RESP_ERR__SSL, handshake("routines::certificate verify failed: broker certificate could not"),
         X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, Cause::certificate_untrusted},
        {RD_KAFKA_RESP_ERR__SSL, handshake("routines::certificate verify failed"), X509_V_ERR_CERT_HAS_EXPIRED,
         Cause::certificate_expired},
        {RD_KAFKA_RESP_ERR__SSL, handshake("routines::certificate verify failed"), X509_V_ERR_IP_ADDRESS_MISMATCH,
         Cause::host_name},
        {RD_KAFKA_RESP_ERR__SSL, handshake("routines::unexpected eof while reading"), 0, Cause::security_protocol},
        {RD_KAFKA_RESP_ERR__SSL, handshake("routines::tlsv13 alert certificate required"), 0,
         Cause::client_certificate},
        {RD_KAFKA_RESP_ERR__TRANSPORT,
         "Disconnected while requesting ApiVersion: might be caused by incorrect "
         "security.protocol configuration (connecting to a SSL listener?)",
         0, Cause::security_protocol},
        {RD_KAFKA_RESP_ERR__TRANSPORT, "Connect to ipv4#127.0.0.1:9092 failed: Connection refused", 0,
         Cause::brokers_away},
        {RD_KAFKA_RESP_ERR__RESOLVE, "Failed to resolve 'nosuch:9092'", 0, Cause::brokers_away},
        {RD_KAFKA_RESP_ERR__TIMED_OUT, "", 0, Cause::no_answer},
        {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, "", 0, Cause::too_large},
        {RD_KAFKA_RESP_ERR_INVALID_RECORD, "", 0, Cause::refused},
        {RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, "", 0, Cause::wrong_time},
        {RD_KAFKA_RESP_ERR_UNKNOWN, "", 0, Cause::other},
    };
    for (const auto& [error, text, certificate, expected] : cases) {
        EXPECT_EQ(cause_of(error, text, certificate), expected) << describe(error) << " " << text;
    }
    EXPECT_TRUE(is_final(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE));
    EXPECT_TRUE(is_final(RD_KAFKA_RESP_ERR_INVALID_RECORD));
    EXPECT_FALSE(is_final(RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP)) << "a clock can be set";
    EXPECT_FALSE(is_final(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED));
    EXPECT_FALSE(is_final(RD_KAFKA_RESP_ERR__QUEUE_FULL));
}

class KafkaTroublesTest : public testing::Test {
  protected:
    Troubles::Clock::time_point at(int second) const { return start_ + seconds(second); }
    std::vector<std::string> take_lines() { return std::exchange(lines_, {}); }

    KafkaConfig config_;
    std::vector<std::string> lines_;
    Troubles troubles_{config_, [this](LogLevel, std::string_view line) { lines_.emplace_back(line); }};
    const Troubles::Clock::time_point start_{std::chrono::hours(1)};
};

TEST_F(KafkaTroublesTest, ATopicsCauseIsLoggedOnceAndItsEnd) {
    for (int i = 0; i < 100; ++i) troubles_.report(Cause::topic_missing, Topic::alert, "UNKNOWN_TOPIC", at(i / 10));
    std::vector<std::string> lines = take_lines();
    ASSERT_EQ(lines.size(), 1);
    EXPECT_EQ(lines[0],
              "kafka: telltale.alert.v1: the topic does not exist: run telltale kafka topics --create (UNKNOWN_TOPIC)");
    KafkaFigures figures;
    troubles_.add_to(figures);
    EXPECT_EQ(figures.errors[Cause::topic_missing], 100);
    EXPECT_NE(figures.topics[Topic::alert].last_error, "");
    EXPECT_TRUE(troubles_.known_for(Topic::alert));
    EXPECT_FALSE(troubles_.known_for(Topic::transfer));

    troubles_.report(Cause::topic_missing, Topic::transfer, "UNKNOWN_TOPIC", at(11));
    EXPECT_EQ(take_lines().size(), 1) << "another topic is logged, too";
    troubles_.delivered(Topic::alert, at(12));
    lines = take_lines();
    ASSERT_EQ(lines.size(), 1);
    EXPECT_EQ(lines[0], "kafka: telltale.alert.v1: delivering again, after 12 s of topic_missing");
    troubles_.add_to(figures);
    EXPECT_EQ(figures.topics[Topic::alert].last_error, "");
    EXPECT_NE(figures.topics[Topic::transfer].last_error, "");
}

TEST_F(KafkaTroublesTest, TheClustersCauseIsToldOnceForAllProducersAndEndsWhenItStaysAway) {
    for (const auto topic : base::enumerators<Topic>()) {
        troubles_.report(Cause::brokers_away, topic, "Connection refused", at(0));
        troubles_.report(Cause::brokers_away, topic, "_ALL_BROKERS_DOWN: 1/1 brokers are down", at(0));
    }
    EXPECT_EQ(take_lines().size(), 1);
    troubles_.delivered(Topic::alert, at(5));
    troubles_.report(Cause::brokers_away, Topic::alert, "Connection refused", at(6));
    troubles_.look(at(20));
    EXPECT_TRUE(take_lines().empty()) << "one of several brokers is still away";
    troubles_.delivered(Topic::alert, at(21));
    troubles_.look(at(21));
    std::vector<std::string> lines = take_lines();
    ASSERT_EQ(lines.size(), 1);
    EXPECT_EQ(lines[0], "kafka: delivering again, after 21 s of brokers_away");
}

TEST_F(KafkaTroublesTest, ABrokerThatRefusesAHandshakeIsNotAway) {
    troubles_.report(Cause::host_name, Topic::alert, "x", at(0));
    troubles_.report(Cause::brokers_away, Topic::alert, "_TRANSPORT: Disconnected", at(1));
    EXPECT_EQ(take_lines().size(), 1);
    troubles_.report(Cause::brokers_away, Topic::alert, "_TRANSPORT: Connection refused", at(40));
    EXPECT_EQ(take_lines().size(), 1) << "now it is";
}

TEST_F(KafkaTroublesTest, WhatComesAndGoesIsNotToldEachTime) {
    for (int i = 0; i < 20; ++i) {
        troubles_.report(Cause::topic_missing, Topic::alert, "x", at(i));
        troubles_.delivered(Topic::alert, at(i));
    }
    EXPECT_EQ(take_lines().size(), 2) << "its first beginning and its end";
    troubles_.report(Cause::topic_missing, Topic::alert, "x", at(40));
    EXPECT_EQ(take_lines().size(), 1);
    for (int i = 41; i < 650; ++i) troubles_.report(Cause::topic_missing, Topic::alert, "x", at(i));
    EXPECT_EQ(take_lines().size(), 1) << "a reminder";
}

TEST_F(KafkaTroublesTest, EveryCauseSaysWhatToDo) {
    std::set<std::string_view> said;
    for (const auto cause : base::enumerators<Cause>()) {
        EXPECT_NE(kToDo[cause], "") << to_string(cause);
        EXPECT_TRUE(said.insert(kWrong[cause]).second) << to_string(cause);
    }
}

TEST(KafkaStatistics, AreReadAsFarAsTheyAreNeeded) {
    const auto read = parse_statistics(R"({"msg_cnt":7,"msg_size":900,"brokers":{
        "a:1/bootstrap":{"nodeid":-1,"state":"UP"}, "a:1/1":{"nodeid":1,"state":"UP"},
        "b:1/2":{"nodeid":2,"state":"CONNECT"}, "odd":3},
        "topics":{"t":{"partitions":{"0":{"partition":0,"leader":1,"msgq_cnt":5},
                                     "1":{"partition":1,"leader":-1,"msgq_cnt":5},
                                     "2":{"partition":2,"leader":-1,"msgq_cnt":0},
                                     "-1":{"partition":-1,"leader":-1,"msgq_cnt":5}}}, "odd":[]}})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->brokers_known, (std::set<std::int32_t>{1, 2}));
    EXPECT_EQ(read->brokers_up, (std::set<std::int32_t>{1}));
    EXPECT_EQ(read->queued_messages, 7);
    EXPECT_EQ(read->queued_bytes, 900);
    EXPECT_EQ(read->leaderless, (std::vector<std::int32_t>{1})) << "one that nothing waits for is no trouble";
    for (const char* odd : {"", "[]", "{\"brokers\":", "nonsense"}) EXPECT_FALSE(parse_statistics(odd));
}

}  // namespace
}  // namespace telltale::kafka
