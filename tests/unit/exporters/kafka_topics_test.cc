// SPDX-License-Identifier: Apache-2.0
// No topic waits for another: missing topics, failing stores, full windows.
#include "tests/unit/exporters/kafka_exporter_fixture.h"

namespace telltale::kafka {
namespace {

TEST_F(KafkaExporterTest, HoldsNoMoreBytesThanItsLimit) {
    KafkaConfig config = cluster_.config();
    config.max_queued_bytes = 1U << 20;
    cluster_.set_down();
    start(config);
    for (int i = 0; i < 300; ++i) append(Topic::transfer, "d" + std::to_string(i), std::string(10'000, 'x'));
    const std::uint64_t most = config.max_queued_bytes / base::kCount<Topic> / 10'000;
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::transfer].taken == most; }));
    append(Topic::alert, "d1");
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::alert].taken == 1; }))
        << "has its own share";
    EXPECT_EQ(exporter_->figures().topics[Topic::transfer].taken, most);
    std::this_thread::sleep_for(milliseconds(200));
    EXPECT_LE(store_.loads, 3) << "what found no room is not read again every turn";
    cluster_.set_up();
    expect_all_arrived();
}

TEST_F(KafkaExporterTest, HoldsNoMoreThanItsLimit) {
    KafkaConfig config = cluster_.config();
    config.max_queued_events = 100 * base::kCount<Topic>;  // an equal share for each
    cluster_.set_down();
    start(config);
    append_many(1000);
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::transfer].taken == 100; }));
    std::this_thread::sleep_for(milliseconds(100));
    EXPECT_EQ(exporter_->figures().topics[Topic::transfer].taken, 100);
    cluster_.set_up();
    expect_all_arrived();
}

TEST_F(KafkaExporterTest, WaitsForATopicThatIsMissing) {
    KafkaConfig config = cluster_.config();
    config.properties["topic.metadata.propagation.max.ms"] = "100";
    config.properties["topic.metadata.refresh.fast.interval.ms"] = "50";
    config.properties["topic.metadata.refresh.interval.ms"] = "200";
    cluster_.set_topic_error("telltale.transfer.v1", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    start(config);
    append_many(10);
    append(Topic::alert, "d1");
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::alert].delivered == 1; })) << log();
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::transfer].failed > 0; })) << log();
    // The log line follows the count.
    EXPECT_TRUE(eventually([&] { return log().find("telltale kafka topics --create") != std::string::npos; })) << log();
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::alert].acknowledged == 1; })) << "nobody waits";
    EXPECT_EQ(store_.figures().topics[Topic::transfer].acknowledged, 0);
    for (int i = 0; i < 5; ++i) append(Topic::alert, "d1");
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::alert].acknowledged == 6; })) << log();
    cluster_.set_topic_error("telltale.transfer.v1", RD_KAFKA_RESP_ERR_NO_ERROR);
    expect_all_arrived();
}

// The log and the figures speak of each topic by itself, and a key's events stay in order, those that came meanwhile,
// too.
TEST_F(KafkaExporterTest, ATopicThatIsMadeAgainGetsItsEventsInOrder) {
    KafkaConfig config = cluster_.config();
    config.properties["topic.metadata.propagation.max.ms"] = "100";
    config.properties["topic.metadata.refresh.fast.interval.ms"] = "20";
    config.properties["topic.metadata.refresh.interval.ms"] = "100";
    config.retry_pause = milliseconds(300);
    cluster_.set_topic_error("telltale.transfer.v1", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    start(config);
    append_many(60);
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::transfer].failed > 0; })) << log();
    append(Topic::alert, "d1");
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::alert].delivered == 1; })) << log();
    ASSERT_TRUE(eventually([&] { return !exporter_->figures().topics[Topic::transfer].last_error.empty(); }));
    EXPECT_EQ(exporter_->figures().topics[Topic::alert].last_error, "");
    EXPECT_EQ(log().find("delivering again"), std::string::npos) << "an alert says nothing of transfers: " << log();
    cluster_.set_topic_error("telltale.transfer.v1", RD_KAFKA_RESP_ERR_NO_ERROR);
    for (int i = 0; i < 40; ++i) {
        append_many(7);
        std::this_thread::sleep_for(milliseconds(10));
    }
    expect_order_of_keys(expect_all_arrived());
    EXPECT_EQ(exporter_->figures().topics[Topic::transfer].last_error, "");
    EXPECT_NE(log().find("telltale.transfer.v1: delivering again"), std::string::npos) << log();
}

TEST_F(KafkaExporterTest, AStoreThatFailsInOneTopicStopsNoOther) {
    store_.fails_reading = true;
    start();
    append(Topic::device, "d1");
    append(Topic::alert, "d1");
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::alert].acknowledged == 1; })) << log();
    EXPECT_EQ(exporter_->figures().topics[Topic::device].last_error,
              "telltale.device.v1: the store of events cannot be read (store: the disk fails)");
    EXPECT_EQ(exporter_->figures().topics[Topic::device].taken, 0);
    store_.fails_reading = false;
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::device].acknowledged == 1; })) << log();
    store_.fails_acknowledging = true;
    append(Topic::device, "d1");
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::device].delivered == 2; })) << log();
    append(Topic::alert, "d1");
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::alert].acknowledged == 2; })) << log();
    EXPECT_EQ(store_.figures().topics[Topic::device].acknowledged, 1);
    store_.fails_acknowledging = false;
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::device].acknowledged == 2; })) << log();
    expect_all_arrived();
}

TEST_F(KafkaExporterTest, CountsAsLeftOnlyWhatIsNotDelivered) {
    store_.fails_acknowledging = true;
    start();
    append(Topic::device, "d1");
    append(Topic::device, "d1");
    ASSERT_TRUE(eventually([&] { return delivered() == 2; })) << log();
    cluster_.set_down();
    append(Topic::device, "d1");
    const base::Status finished = exporter_->finish(milliseconds(400));
    ASSERT_FALSE(finished);
    EXPECT_NE(finished.error().text.find("kafka: 1 events were not"), std::string::npos) << finished.error().text;
}

TEST_F(KafkaExporterTest, TellsAPartitionWithoutALeader) {
    cluster_.set_leader("telltale.transfer.v1", 1, -1);
    start();
    append_many(50);
    append(Topic::alert, "d1");
    ASSERT_TRUE(eventually([&] { return exporter_->figures().errors[Cause::no_leader] > 0; })) << log();
    EXPECT_NE(log().find("telltale.transfer.v1: a partition has no leader"), std::string::npos) << log();
    EXPECT_NE(log().find("(partition 1)"), std::string::npos) << log();
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::alert].acknowledged == 1; })) << log();
    EXPECT_LT(exporter_->figures().topics[Topic::transfer].delivered, 50);
    cluster_.set_leader("telltale.transfer.v1", 1, 1);
    expect_order_of_keys(expect_all_arrived());
}

// The clock of the sensor or of the brokers was wrong: the event is not to blame.
TEST_F(KafkaExporterTest, SendsAgainWhoseTimeTheBrokersReject) {
    start();
    append_many(5);
    ASSERT_TRUE(eventually([&] { return delivered() == 5; })) << log();
    cluster_.answer(kProduceRequest, {RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP});
    append(Topic::transfer, "d1");
    ASSERT_TRUE(eventually([&] { return delivered() == 6; })) << log();
    EXPECT_NE(log().find("the brokers reject the time of an event"), std::string::npos) << log();
    expect_all_arrived();
}

// A failure ends the producer before anything behind it is sent: what was under way does not overtake it.
TEST_F(KafkaExporterTest, NothingOvertakesABatchThatFails) {
    start();
    cluster_.answer(kProduceRequest,
                    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_NO_ERROR,
                     RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
    for (int i = 0; i < 40; ++i) {
        append_many(21);
        std::this_thread::sleep_for(milliseconds(5));
    }
    expect_order_of_keys(expect_all_arrived());
    EXPECT_GT(exporter_->figures().errors[Cause::not_authorised], 0) << log();
}

// An event that the producer's queue cannot hold waits for no room that never comes, and holds up nobody.
TEST_F(KafkaExporterTest, BuriesWhatTheQueueHasNeverRoomFor) {
    KafkaConfig config = cluster_.config();
    config.max_queued_bytes = 1U << 20;
    config.properties["message.max.bytes"] = "4000000";
    start(config);
    append(Topic::device, "d1", std::string(2'000'000, 'x'));
    append_many(50);
    append(Topic::alert, "d1");
    append(Topic::device, "d1");
    expect_all_arrived(1);
    EXPECT_EQ(exporter_->figures().topics[Topic::device].dead, 1);
    EXPECT_NE(log().find("telltale.device.v1: an event is too large"), std::string::npos) << log();
}

// A full window of a topic without a broker's answer holds up no other topic.
TEST_F(KafkaExporterTest, ASlowBulkTopicHoldsUpNoAlert) {
    KafkaConfig config = cluster_.config();
    config.max_queued_events = 50 * base::kCount<Topic>;
    config.properties["topic.metadata.propagation.max.ms"] = "60000";  // the missing topic's events wait in librdkafka
    cluster_.set_topic_error("telltale.transfer.v1", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    start(config);
    append_many(500);
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::transfer].taken == 50; }));
    for (int i = 0; i < 120; ++i) append(Topic::alert, "d1");
    EXPECT_TRUE(eventually([&] { return store_.figures().topics[Topic::alert].acknowledged == 120; })) << log();
    EXPECT_EQ(exporter_->figures().topics[Topic::transfer].delivered, 0);
    cluster_.set_topic_error("telltale.transfer.v1", RD_KAFKA_RESP_ERR_NO_ERROR);
    expect_all_arrived();
}

}  // namespace
}  // namespace telltale::kafka
