// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "exporters/kafka/kafka_config.h"

namespace telltale::kafka {

// A record that a consumer read.
struct Consumed {
    std::string topic;
    std::int32_t partition = 0;
    std::string key;
    std::string value;
    std::int64_t timestamp_ms = 0;
    std::map<std::string, std::string> headers;
};

// librdkafka's mock cluster on this machine's loopback: one broker, every topic, and a consumer of its own.
class KafkaCluster {
  public:
    static constexpr int kPartitions = 3;

    KafkaCluster();
    ~KafkaCluster();
    KafkaCluster(const KafkaCluster&) = delete;
    KafkaCluster& operator=(const KafkaCluster&) = delete;

    [[nodiscard]] KafkaConfig config() const;
    void set_down();
    void set_up();
    void set_round_trip(int milliseconds);
    // The next requests of a type (0: Produce, 22: InitProducerId) are answered with these errors, one each.
    void answer(std::int16_t request, const std::vector<rd_kafka_resp_err_t>& errors) {
        rd_kafka_mock_push_request_errors_array(mock_, request, errors.size(), errors.data());
    }
    // -1: no broker leads the partition.
    void set_leader(const std::string& topic, std::int32_t partition, std::int32_t broker);
    void set_topic_error(const std::string& topic, rd_kafka_resp_err_t error);
    // From the beginning, until all partitions are at their ends.
    std::vector<Consumed> consume();

  private:
    // Calls into the mock cluster wait for its thread, which may sleep for a second: a connection wakes it.
    void nudge(const std::function<void()>& call) const;

    rd_kafka_t* handle_;
    rd_kafka_mock_cluster_t* mock_;
    std::uint16_t port_ = 0;
};

inline constexpr std::int16_t kProduceRequest = 0;
inline constexpr std::int16_t kInitProducerIdRequest = 22;

}  // namespace telltale::kafka
