// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "exporters/kafka/kafka_config.h"
#include "sensor/model/dataset.h"

namespace telltale::kafka {

using TopicSettings = std::map<std::string, std::string>;  // by Kafka's names: retention.ms

// How a topic should be. A value.
struct TopicPlan {
    std::string name;  // "telltale.device.v1"
    int partitions = 0;
    int replication = 0;
    TopicSettings settings;
};

// Numbers that an operator decides on; 0: as proposed.
struct TopicWishes {
    int partitions = 0;
    int replication = 0;
};

// How a topic is found in the cluster. A value.
struct TopicState {
    bool exists = false;
    int partitions = 0;
    int replication = 0;     // of the partition with the fewest replicas
    TopicSettings settings;  // as far as they may be read
    std::string error;       // why nothing is known of it, or why it could not be made
};

// Proposes the topics for a cluster of so many brokers: three replicas, or as many as there are brokers. Retention is
// by time: alerts stay longest, and of each device the last event beyond that.
std::vector<TopicPlan> plan_topics(const KafkaConfig& config, int brokers, const TopicWishes& wishes);

// Returns what of an existing topic is not as planned, one sentence each. More partitions or replicas are no
// difference, and nothing is said of settings that may not be read.
std::vector<std::string> differences(const TopicPlan& plan, const TopicState& state);

}  // namespace telltale::kafka
