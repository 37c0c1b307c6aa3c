// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/correlate_stage.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/pipeline/frame_list.h"
#include "tests/unit/pipeline/pipeline_harness.h"

namespace telltale::pipeline {
namespace {

std::map<std::string, std::size_t> datasets_with(std::size_t workers, std::size_t threads) {
    correlate::CorrelateConfig correlating;
    correlating.threads = threads;
    CorrelateStage stage(correlating, std::make_shared<const signatures::Bundle>(), nullptr);
    std::map<std::string, std::size_t> heard;
    std::size_t events = 0;
    stage.events().add_listener([&](const model::Event& event) {
        ++events;
        ++heard[std::string(to_string(event.dataset()))];
    });
    PipelineConfig config;
    config.workers = workers;
    config.policy = policy_for_files(workers);
    const auto pipeline = make_pipeline(config, stage);
    FrameList list(conversations(20, 2));
    EXPECT_TRUE(pipeline->run(list));
    stage.correlator().finish(0);
    EXPECT_EQ(stage.events().privacy().events(), events);
    return heard;
}

TEST(CorrelateStage, SendsTheSameEventsForAnyNumberOfWorkersAndThreads) {
    const auto one = datasets_with(1, 1);
    EXPECT_GE(one.size(), 2u);
    for (const std::size_t workers : {1U, 2U, 4U}) {
        for (const std::size_t threads : {1U, 2U, 3U}) {
            EXPECT_EQ(datasets_with(workers, threads), one) << workers << " workers, " << threads << " threads";
        }
    }
}

TEST(CorrelateStage, ShowsEachRecordToTheWatch) {
    std::size_t watched = 0;
    CorrelateStage stage({}, std::make_shared<const signatures::Bundle>(), nullptr,
                         [&watched](const model::RecordView&) { ++watched; });
    const auto pipeline = make_pipeline({}, stage);
    FrameList list(conversations(3, 1));
    EXPECT_TRUE(pipeline->run(list));
    EXPECT_GT(watched, 6u);
}

}  // namespace
}  // namespace telltale::pipeline
