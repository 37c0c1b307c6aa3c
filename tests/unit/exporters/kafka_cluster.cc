// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exporters/kafka_cluster.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "sensor/model/event.h"

namespace telltale::kafka {
namespace {

rd_kafka_t* make_client(rd_kafka_type_t type, const std::vector<std::pair<const char*, std::string>>& properties) {
    std::array<char, 512> reason{};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
    for (const auto& [name, value] : properties) {
        EXPECT_EQ(rd_kafka_conf_set(conf, name, value.c_str(), reason.data(), reason.size()), RD_KAFKA_CONF_OK)
            << reason.data();
    }
    rd_kafka_t* client = rd_kafka_new(type, conf, reason.data(), reason.size());
    EXPECT_NE(client, nullptr) << reason.data();
    return client;
}

Consumed read(const rd_kafka_message_t& message) {
    Consumed consumed;
    consumed.topic = rd_kafka_topic_name(message.rkt);
    consumed.partition = message.partition;
    consumed.key.assign(static_cast<const char*>(message.key), message.key_len);
    consumed.value.assign(static_cast<const char*>(message.payload), message.len);
    consumed.timestamp_ms = rd_kafka_message_timestamp(&message, nullptr);
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return consumed;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
        consumed.headers[name] = std::string(static_cast<const char*>(value), size);
    }
    return consumed;
}

std::string name_of(model::Topic topic) { return "telltale." + std::string(model::to_string(topic)) + ".v1"; }

}  // namespace

KafkaCluster::KafkaCluster()
    : handle_(make_client(RD_KAFKA_PRODUCER, {})), mock_(rd_kafka_mock_cluster_new(handle_, 1)) {
    const std::string address = rd_kafka_mock_cluster_bootstraps(mock_);
    port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    nudge([&] {
        for (const auto topic : base::enumerators<model::Topic>()) {
            rd_kafka_mock_topic_create(mock_, name_of(topic).c_str(), kPartitions, 1);
        }
    });
}

KafkaCluster::~KafkaCluster() {
    nudge([&] { rd_kafka_mock_cluster_destroy(mock_); });
    rd_kafka_destroy(handle_);
}

void KafkaCluster::nudge(const std::function<void()>& call) const {
    std::atomic<bool> over = false;
    std::thread knocker([&] {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        while (!over) {
            const int knock = socket(AF_INET, SOCK_STREAM, 0);
            (void)connect(knock, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            close(knock);
        }
    });
    call();
    over = true;
    knocker.join();
}

void KafkaCluster::set_down() {
    nudge([&] { rd_kafka_mock_broker_set_down(mock_, -1); });
}

void KafkaCluster::set_up() {
    nudge([&] { rd_kafka_mock_broker_set_up(mock_, -1); });
}

void KafkaCluster::set_round_trip(int milliseconds) {
    nudge([&] { rd_kafka_mock_broker_set_rtt(mock_, -1, milliseconds); });
}

void KafkaCluster::set_leader(const std::string& topic, std::int32_t partition, std::int32_t broker) {
    nudge([&] { rd_kafka_mock_partition_set_leader(mock_, topic.c_str(), partition, broker); });
}

void KafkaCluster::set_topic_error(const std::string& topic, rd_kafka_resp_err_t error) {
    nudge([&] { rd_kafka_mock_topic_set_error(mock_, topic.c_str(), error); });
}

KafkaConfig KafkaCluster::config() const {
    KafkaConfig config;
    config.brokers = {rd_kafka_mock_cluster_bootstraps(mock_)};
    config.retry_pause = std::chrono::milliseconds(50);
    config.properties = {{"linger.ms", "1"},
                         {"retry.backoff.ms", "20"},
                         {"reconnect.backoff.ms", "10"},
                         {"reconnect.backoff.max.ms", "100"},
                         {"statistics.interval.ms", "100"}};
    return config;
}

std::vector<Consumed> KafkaCluster::consume() {
    std::vector<Consumed> all;
    rd_kafka_t* consumer = make_client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", config().brokers.front()},
                                                           {"group.id", "test"},
                                                           {"enable.partition.eof", "true"},
                                                           {"fetch.wait.max.ms", "10"},
                                                           {"fetch.error.backoff.ms", "10"},
                                                           {"auto.offset.reset", "earliest"}});
    rd_kafka_topic_partition_list_t* partitions = rd_kafka_topic_partition_list_new(1);
    for (const auto topic : base::enumerators<model::Topic>()) {
        for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
            rd_kafka_topic_partition_list_add(partitions, name_of(topic).c_str(), partition)->offset = 0;
        }
    }
    rd_kafka_assign(consumer, partitions);
    int ends = partitions->cnt;
    rd_kafka_topic_partition_list_destroy(partitions);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (ends > 0 && std::chrono::steady_clock::now() < deadline) {
        rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
        if (message == nullptr) continue;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            --ends;
        } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            all.push_back(read(*message));
        }
        rd_kafka_message_destroy(message);
    }
    EXPECT_EQ(ends, 0) << "not all partitions were read to their ends";
    rd_kafka_destroy(consumer);
    return all;
}

}  // namespace telltale::kafka
