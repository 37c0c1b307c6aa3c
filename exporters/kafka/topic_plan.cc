// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/topic_plan.h"

#include <algorithm>
#include <cstdint>

#include "exporters/kafka/producer_conf.h"

namespace telltale::kafka {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr int kReplicas = 3;

struct Shape {
    int partitions;
    std::int64_t retention_days;
    bool last_of_key;  // the last event of each key stays within the retention, earlier ones for a week at least
};

// By topic, in the order of model::Topic: device, destination, transfer, alert, health. One partition takes some
// 10,000 events/s; more of them let more consumers share the work.
constexpr base::EnumArray<model::Topic, Shape> kShapes({
    {3, 365, true},
    {6, 30, false},
    {6, 30, false},
    {3, 365, false},
    {3, 30, false},
});

TopicSettings settings_of(const Shape& shape, int replication) {
    TopicSettings settings = {
        {"cleanup.policy", shape.last_of_key ? "compact,delete" : "delete"},
        {"retention.ms", std::to_string(shape.retention_days * kDayMs)},
        // Acknowledged events outlive the loss of a broker.
        {"min.insync.replicas", std::to_string(replication >= kReplicas ? kReplicas - 1 : 1)},
    };
    // Readers that look for gaps in sequences have so much time.
    if (shape.last_of_key) settings["min.compaction.lag.ms"] = std::to_string(7 * kDayMs);
    return settings;
}

}  // namespace

std::vector<TopicPlan> plan_topics(const KafkaConfig& config, int brokers, const TopicWishes& wishes) {
    std::vector<TopicPlan> plans;
    for (const auto topic : base::enumerators<model::Topic>()) {
        TopicPlan plan;
        plan.name = topic_name(config, topic);
        plan.partitions = wishes.partitions > 0 ? wishes.partitions : kShapes[topic].partitions;
        plan.replication = wishes.replication > 0 ? wishes.replication : std::clamp(brokers, 1, kReplicas);
        plan.settings = settings_of(kShapes[topic], plan.replication);
        plans.push_back(std::move(plan));
    }
    return plans;
}

std::vector<std::string> differences(const TopicPlan& plan, const TopicState& state) {
    std::vector<std::string> sentences;
    const auto add = [&](const std::string& what, const std::string& is, const std::string& proposed) {
        sentences.push_back(what + " is " + is + ", proposed is " + proposed);
    };
    if (state.partitions < plan.partitions) {
        add("partitions", std::to_string(state.partitions), std::to_string(plan.partitions));
    }
    if (state.replication < plan.replication) {
        add("replication", std::to_string(state.replication), std::to_string(plan.replication));
    }
    for (const auto& [name, proposed] : plan.settings) {
        const auto is = state.settings.find(name);
        // The brokers give lists in any order.
        const bool same = is == state.settings.end() || is->second == proposed ||
                          (proposed == "compact,delete" && is->second == "delete,compact");
        if (!same) add(name, is->second, proposed);
    }
    return sentences;
}

}  // namespace telltale::kafka
