// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/kafka/producer_conf.h"
#include "exporters/kafka/topic_plan.h"

namespace telltale::kafka {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As it is once it was made as planned.
TopicState made(const TopicPlan& plan) { return {true, plan.partitions, plan.replication, plan.settings, {}}; }

TEST(KafkaTopicPlan, HasEveryTopicWithAsManyReplicasAsTheClusterAllows) {
    KafkaConfig config;
    config.topic_prefix = "site.";
    const std::vector<TopicPlan> plans = plan_topics(config, 5, {});
    ASSERT_EQ(plans.size(), base::kCount<model::Topic>);
    for (const auto topic : base::enumerators<model::Topic>()) {
        const TopicPlan& plan = plans[base::index_of(topic)];
        EXPECT_EQ(plan.name, topic_name(config, topic));
        EXPECT_EQ(plan.replication, 3);
        EXPECT_EQ(plan.settings.at("min.insync.replicas"), "2");
        EXPECT_GE(plan.partitions, 3);
        EXPECT_THAT(differences(plan, made(plan)), IsEmpty());
    }
    EXPECT_EQ(plans[base::index_of(model::Topic::device)].settings.at("cleanup.policy"), "compact,delete");
    EXPECT_EQ(plans[base::index_of(model::Topic::alert)].settings.at("cleanup.policy"), "delete");

    const std::vector<TopicPlan> small = plan_topics(config, 1, {});
    EXPECT_EQ(small.front().replication, 1);
    EXPECT_EQ(small.front().settings.at("min.insync.replicas"), "1");
}

TEST(KafkaTopicPlan, DoesAsTheOperatorWishes) {
    for (const TopicPlan& plan : plan_topics({}, 5, {12, 2})) {
        EXPECT_EQ(plan.partitions, 12);
        EXPECT_EQ(plan.replication, 2);
        EXPECT_EQ(plan.settings.at("min.insync.replicas"), "1") << "two replicas of which one may be lost";
    }
}

TEST(KafkaTopicPlan, TellsWhatDiffers) {
    const TopicPlan plan{"t", 6, 3, {{"cleanup.policy", "compact,delete"}, {"retention.ms", "1000"}}};
    TopicState state = made(plan);
    state.partitions = 9;
    state.settings["cleanup.policy"] = "delete,compact";
    EXPECT_THAT(differences(plan, state), IsEmpty()) << "more partitions are no fault, nor another order";
    state = made(plan);
    state.partitions = 3;
    state.replication = 1;
    state.settings["retention.ms"] = "500";
    EXPECT_THAT(differences(plan, state),
                ElementsAre("partitions is 3, proposed is 6", "replication is 1, proposed is 3",
                            "retention.ms is 500, proposed is 1000"));
    state = made(plan);
    state.settings.clear();
    EXPECT_THAT(differences(plan, state), IsEmpty()) << "they may not be read";
}

}  // namespace
}  // namespace telltale::kafka
