// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "exporters/kafka/kafka_config.h"
#include "exporters/kafka/topic_plan.h"
#include "sensor/base/result.h"

namespace telltale::kafka {

// Looks at topics of a cluster and makes them, by Kafka's Admin API and with the settings of the producer: TLS, SASL
// and pass-through properties. Each call waits for the brokers, up to kBound. One thread.
class TopicAdmin {
  public:
    static constexpr std::chrono::seconds kBound{15};

    static base::Result<std::unique_ptr<TopicAdmin>> create(const KafkaConfig& config);
    virtual ~TopicAdmin() = default;

    // Connects. Returns how many brokers the cluster has; the error says why they cannot be asked, and what to do.
    virtual base::Result<int> count_brokers() = 0;
    // Returns how the topics are, in the order of `plans`.
    virtual std::vector<TopicState> look(const std::vector<TopicPlan>& plans) = 0;
    // Makes topics. Returns one text for each: why it could not be made; empty: it is there.
    virtual std::vector<std::string> make(const std::vector<TopicPlan>& plans) = 0;
};

}  // namespace telltale::kafka
