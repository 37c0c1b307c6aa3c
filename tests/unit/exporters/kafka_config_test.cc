// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/kafka_config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "exporters/kafka/figures_board.h"
#include "exporters/kafka/log_limiter.h"
#include "exporters/kafka/property_names.h"

namespace telltale::kafka {
namespace {

namespace fs = std::filesystem;

class KafkaConfigTest : public testing::Test {
  protected:
    KafkaConfigTest() {
        std::string pattern = (fs::temp_directory_path() / "kafka-config-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~KafkaConfigTest() override { fs::remove_all(folder_); }

    fs::path file(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }

    fs::path folder_;
};

KafkaConfig valid() {
    KafkaConfig config;
    config.brokers = {"broker1:9092", "[2001:db8::1]:9093", "broker3"};
    return config;
}

TEST_F(KafkaConfigTest, TakesWhatStands) {
    const fs::path secret = file("secret", "s3cret word\r\nmore\n");
    const struct {
        const char* description;
        std::function<void(KafkaConfig&)> change;
    } cases[] = {
        {"brokers alone", [](KafkaConfig&) {}},
        {"no prefix", [](KafkaConfig& c) { c.topic_prefix.clear(); }},
        {"TLS", [](KafkaConfig& c) { c.security_protocol = "ssl"; }},
        {"PLAIN over TLS",
         [&](KafkaConfig& c) {
             c.security_protocol = "SASL_SSL";
             c.sasl_mechanism = "PLAIN";
             c.sasl_username = "u";
             c.sasl_password_file = secret;
         }},
        {"SCRAM",
         [&](KafkaConfig& c) {
             c.security_protocol = "sasl_plaintext";
             c.sasl_mechanism = "SCRAM-SHA-512";
             c.sasl_username = "u";
             c.sasl_password_file = secret;
         }},
        {"GSSAPI",
         [](KafkaConfig& c) {
             c.security_protocol = "sasl_ssl";
             c.sasl_mechanism = "GSSAPI";
             c.properties = {{"sasl.kerberos.service.name", "kafka"}, {"sasl.kerberos.keytab", "/etc/krb5.keytab"}};
         }},
        {"pass-through, of the producer and of its topics",
         [](KafkaConfig& c) {
             c.properties = {{"compression.type", "lz4"}, {"linger.ms", "50"}, {"request.timeout.ms", "5000"}};
         }},
    };
    for (const auto& [description, change] : cases) {
        KafkaConfig config = valid();
        change(config);
        const base::Status status = check(config);
        EXPECT_TRUE(status) << description << ": " << (status ? "" : status.error().text);
    }
}

TEST_F(KafkaConfigTest, RefusesWithASentenceThatNamesWhatIsWrong) {
    const fs::path empty = file("empty", "\nsecond line");
    const fs::path large = file("large", std::string(kMaxSecretBytes + 1, 'x'));
    const auto property = [](const char* name, const char* value) {
        return [=](KafkaConfig& c) { c.properties[name] = value; };
    };
    const auto password = [](const fs::path& path) {
        return [=](KafkaConfig& c) {
            c.security_protocol = "sasl_ssl";
            c.sasl_mechanism = "PLAIN";
            c.sasl_username = "u";
            c.sasl_password_file = path;
        };
    };
    const struct {
        std::function<void(KafkaConfig&)> change;
        std::string expected;
    } cases[] = {
        {[](KafkaConfig& c) { c.brokers.clear(); }, "kafka.brokers: none is given"},
        {[](KafkaConfig& c) { c.brokers = {"a:9092,b:9092"}; }, "\"a:9092,b:9092\" is not a broker"},
        {[](KafkaConfig& c) { c.brokers = {"a:port"}; }, "\"a:port\" is not a broker"},
        {[](KafkaConfig& c) { c.brokers = {"a:0"}; }, "\"a:0\" is not a broker"},
        {[](KafkaConfig& c) { c.brokers = {"a:70000"}; }, "\"a:70000\" is not a broker"},
        {[](KafkaConfig& c) { c.brokers = {":9092"}; }, "\":9092\" is not a broker"},
        {[](KafkaConfig& c) { c.brokers = {""}; }, "\"\" is not a broker"},
        {[](KafkaConfig& c) { c.topic_prefix = "a b"; }, "kafka.topic_prefix: \"a b\""},
        {[](KafkaConfig& c) { c.max_queued_events = 0; }, "kafka.queue_events: must be"},
        {[](KafkaConfig& c) { c.max_queued_bytes = 5; }, "kafka.queue_size: must be"},
        {[](KafkaConfig& c) { c.security_protocol = "tls"; }, "security.protocol"},
        {[](KafkaConfig& c) {
             c.security_protocol = "ssl";
             c.ssl_ca_location = "/nonexistent/ca.pem";
         },
         "ssl.ca.location"},
        {[](KafkaConfig& c) {
             c.security_protocol = "ssl";
             c.ssl_certificate_location = "/nonexistent/cert.pem";
             c.ssl_key_location = "/nonexistent/key.pem";
         },
         "ssl.certificate.location"},
        {[](KafkaConfig& c) {
             c.security_protocol = "sasl_ssl";
             c.sasl_mechanism = "PLAN";
         },
         "kafka.sasl.mechanism: \"PLAN\" must be PLAIN, SCRAM"},
        {[](KafkaConfig& c) {
             c.security_protocol = "sasl_ssl";
             c.sasl_mechanism = "SCRAM-SHA-256";
         },
         "needs kafka.sasl.username and kafka.sasl.password_file"},
        {password("/nonexistent/secret"), "kafka.sasl.password_file: /nonexistent/secret cannot be read: No such file"},
        {password("/"), "kafka.sasl.password_file: / cannot be read"},
        {password(empty), "is empty: its first line must be the secret"},
        {password(large), "is too large for a secret"},
        {property("compresion.type", "lz4"),
         "compresion.type is not known to librdkafka; did you mean compression.type?"},
        {property("lingerms", "1"), "did you mean linger.ms?"},
        {property("no-such-thing-at-all", "1"), "no-such-thing-at-all is not known to librdkafka"},
        {property("compression.type", "rar"), "kafka property compression.type: Invalid value \"rar\""},
        {property("linger.ms", "-5"), "kafka property linger.ms"},
        {property("acks", "1"), "kafka property acks is fixed"},
        {property("message.timeout.ms", "1000"), "kafka property message.timeout.ms is fixed"},
        {property("bootstrap.servers", "x"), "has an option of its own: kafka.brokers"},
        {property("sasl.password", "x"), "is a secret: name its file with kafka.sasl.password_file"},
        {property("plugin.library.paths", "x"), "would load foreign code"},
        {property("dr_msg_cb", "x"), "dr_msg_cb"},
        {property("max.in.flight", "6"), "max.in.flight"},  // an idempotent producer has at most 5
    };
    for (const auto& [change, expected] : cases) {
        KafkaConfig config = valid();
        change(config);
        const base::Status status = check(config);
        ASSERT_FALSE(status) << expected;
        EXPECT_NE(status.error().text.find(expected), std::string::npos) << expected << "\n" << status.error().text;
    }
}

// Settings that nothing would use give a false feeling of safety.
TEST_F(KafkaConfigTest, RefusesWhatTheProtocolDoesNotUse) {
    const auto property = [](const char* name, const char* value) {
        return [=](KafkaConfig& c) { c.properties[name] = value; };
    };
    const struct {
        std::function<void(KafkaConfig&)> change;
        std::string expected;
    } cases[] = {
        {[](KafkaConfig& c) { c.sasl_username = "u"; },
         "kafka.sasl.username: needs kafka.security.protocol sasl_plaintext or sasl_ssl; it is not set"},
        {[](KafkaConfig& c) {
             c.security_protocol = "ssl";
             c.sasl_mechanism = "PLAIN";
         },
         "kafka.sasl.mechanism: needs kafka.security.protocol sasl_plaintext or sasl_ssl; it is ssl"},
        {[](KafkaConfig& c) { c.ssl_ca_location = "/etc/ca.pem"; },
         "kafka.ssl.ca.location: needs kafka.security.protocol ssl or sasl_ssl; it is not set, so that everything "
         "would be sent in clear"},
        {[](KafkaConfig& c) {
             c.security_protocol = "sasl_plaintext";
             c.ssl_key_location = "/etc/key.pem";
         },
         "kafka.ssl.key.location: needs kafka.security.protocol ssl or sasl_ssl; it is sasl_plaintext"},
        {property("ssl.keystore.location", "/etc/store.p12"), "kafka.properties: ssl.keystore.location: needs"},
        {property("enable.ssl.certificate.verification", "true"),
         "kafka.properties: enable.ssl.certificate.verification: needs"},
        {property("sasl.kerberos.service.name", "kafka"), "kafka.properties: sasl.kerberos.service.name: needs"},
        {[](KafkaConfig& c) {
             c.security_protocol = "ssl";
             c.ssl_certificate_location = "/etc/cert.pem";
         },
         "kafka.ssl.certificate.location: needs kafka.ssl.key.location beside it"},
    };
    for (const auto& [change, expected] : cases) {
        KafkaConfig config = valid();
        change(config);
        const base::Status status = check(config);
        ASSERT_FALSE(status) << expected;
        EXPECT_EQ(status.error().text.substr(0, expected.size()), expected);
    }
}

TEST_F(KafkaConfigTest, SaysNoSecret) {
    KafkaConfig config = valid();
    config.security_protocol = "sasl_ssl";
    config.sasl_mechanism = "PLAIN";
    config.sasl_username = "u";
    config.sasl_password_file = file("secret", "s3cret");
    config.ssl_key_location = "/nonexistent";
    const base::Status status = check(config);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().text.find("s3cret"), std::string::npos) << status.error().text;
}

TEST_F(KafkaConfigTest, ChecksOnePropertyByItself) {
    EXPECT_TRUE(check_property("linger.ms", "5"));
    EXPECT_FALSE(check_property("linger.ms", "soon"));
    EXPECT_FALSE(check_property("retries", "5"));
}

TEST(KafkaPropertyNames, AreThoseOfProducers) {
    const std::vector<std::string> names = producer_property_names();
    const auto has = [&](const char* name) { return std::find(names.begin(), names.end(), name) != names.end(); };
    EXPECT_TRUE(has("linger.ms"));
    EXPECT_TRUE(has("partitioner"));  // of a topic
    EXPECT_TRUE(has("ssl.ca.location"));
    EXPECT_FALSE(has("group.instance.id"));  // a consumer's
    EXPECT_FALSE(has("Property"));
    EXPECT_EQ(closest_name("ssl.ca.locaton", names), "ssl.ca.location");
    EXPECT_EQ(closest_name("xyzzy", names), "");
    EXPECT_EQ(closest_name(std::string(5000, 'x'), names), "");
}

TEST(KafkaLogLimiter, LeavesOutWhatIsTooMuch) {
    std::vector<std::string> lines;
    LogLimiter limiter([&](LogLevel, std::string_view line) { lines.emplace_back(line); });
    const LogLimiter::Clock::time_point start(std::chrono::hours(1));
    for (unsigned i = 0; i < kLogLines; ++i) EXPECT_TRUE(limiter.log(LogLevel::info, "line", start));
    EXPECT_FALSE(limiter.log(LogLevel::error, "line", start + std::chrono::seconds(1)));
    EXPECT_FALSE(limiter.log(LogLevel::error, "line", start + std::chrono::seconds(9)));
    EXPECT_EQ(lines.size(), kLogLines);
    EXPECT_TRUE(limiter.log(LogLevel::info, "a\nb\x1b" + std::string(1000, 'x'), start + kLogInterval));
    ASSERT_EQ(lines.size(), kLogLines + 2);
    EXPECT_EQ(lines[kLogLines], "kafka: 2 more lines were left out");
    EXPECT_TRUE(lines.back().starts_with("kafka: a.b.xxx")) << lines.back();
    EXPECT_LE(lines.back().size(), LogLimiter::kMaxLine + 7);
}

TEST(KafkaFiguresBoard, KnowsTheBrokersOfAllProducers) {
    FiguresBoard board(valid());
    EXPECT_EQ(board.get().topics[model::Topic::device].topic, "telltale.device.v1");
    board.statistics(model::Topic::device, {{1, 2}, {1}, 7, 900, {}});
    board.statistics(model::Topic::alert, {{1, 2, 3}, {3}, 1, 100, {}});
    EXPECT_EQ(board.get().brokers_known, 3);
    EXPECT_EQ(board.get().brokers_up, 2);
    EXPECT_EQ(board.get().queued_messages, 8);
    EXPECT_EQ(board.get().queued_bytes, 1000);
}

TEST(DelayHistogram, CountsByBound) {
    exporters::DelayHistogram histogram;
    constexpr std::int64_t kSince = 1'000;
    for (const std::int64_t ms : {0, 10, 11, 3'600'000, 3'601'000}) histogram.add(kSince, kSince + ms * 1'000'000);
    EXPECT_EQ(histogram.counts.front(), 2);
    EXPECT_EQ(histogram.counts[1], 1);
    EXPECT_EQ(histogram.counts[exporters::DelayHistogram::kUpperBounds.size() - 1], 1);
    EXPECT_EQ(histogram.counts.back(), 1);
    EXPECT_EQ(histogram.total(), 5);
    EXPECT_DOUBLE_EQ(histogram.sum_seconds, 7201.021);
}

}  // namespace
}  // namespace telltale::kafka
