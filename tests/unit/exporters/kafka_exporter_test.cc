// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exporters/kafka_exporter_fixture.h"

namespace telltale::kafka {
namespace {

TEST_F(KafkaExporterTest, DeliversWithKeyHeadersTimeAndOrder) {
    start();
    append(Topic::device, "d1");
    append(Topic::destination, "d1");
    append(Topic::alert, "d2");
    append(Topic::health, "sensor-1");
    for (int i = 0; i < 201; ++i) append(Topic::transfer, "d" + std::to_string(i % 9));
    append(model::Dataset::config, "sensor-1", "config");  // travels with health

    const std::vector<Consumed> consumed = expect_all_arrived();
    EXPECT_EQ(consumed.size(), 206) << "nothing failed, so nothing is repeated";
    std::map<std::string, std::pair<std::int32_t, std::uint64_t>> last_of_device;  // of transfers
    std::set<std::int32_t> partitions;
    for (const Consumed& message : consumed) {
        const std::string kind = message.value.substr(0, message.value.find(' '));
        EXPECT_EQ(message.topic, "telltale." + kind + ".v1");
        const bool is_change = message.value.ends_with(" config");
        const std::map<std::string, std::string> headers = {
            {"event.dataset", is_change ? "telltale.config" : "telltale." + kind}, {"sensor.id", "sensor-1"}};
        EXPECT_EQ(message.headers, headers);
        EXPECT_NEAR(static_cast<double>(message.timestamp_ms), static_cast<double>(time(nullptr)) * 1e3, 60e3);
        const std::uint64_t sequence = std::stoull(message.value.substr(kind.size()));
        EXPECT_EQ(message.key == "sensor-1", kind == "health") << message.value;
        if (kind != "transfer") continue;
        partitions.insert(message.partition);
        const auto [before, first] = last_of_device.try_emplace(message.key, message.partition, sequence);
        if (first) continue;
        EXPECT_EQ(before->second.first, message.partition) << message.key << " is in two partitions";
        EXPECT_LT(before->second.second, sequence) << message.key << " is out of order";
        before->second.second = sequence;
    }
    EXPECT_GT(partitions.size(), 1);
    EXPECT_EQ(exporter_->figures().producers_made, base::kCount<Topic>);
    EXPECT_EQ(exporter_->figures().last_error, "");
}

TEST_F(KafkaExporterTest, LeaksTravelWithAlerts) {
    start();
    const model::Event event = samples::leak_event();
    ecs::JsonFormat format(samples::observer());
    exporters::Envelope envelope;
    envelope.dataset = event.dataset();
    envelope.created_ns = std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
    envelope.key = event.device->id;
    store_.append(envelope, [&](std::uint64_t sequence, std::string& json) { format.render(event, sequence, json); });
    ASSERT_TRUE(eventually([&] { return delivered() == 1; })) << log();
    ASSERT_TRUE(exporter_->finish(kLong));

    const std::vector<Consumed> consumed = cluster_.consume();
    ASSERT_EQ(consumed.size(), 1U);
    EXPECT_EQ(consumed[0].topic, "telltale.alert.v1");
    EXPECT_EQ(consumed[0].key, "a1b2");
    EXPECT_EQ(consumed[0].headers.at("event.dataset"), "telltale.leak");
    EXPECT_NE(consumed[0].value.find("\"masked\":\"86*********0123\""), std::string::npos) << consumed[0].value;
}

TEST_F(KafkaExporterTest, WaitsForBrokersThatAreAway) {
    cluster_.set_down();
    start();
    append_many(50);
    ASSERT_TRUE(eventually([&] { return !exporter_->figures().last_error.empty(); }));
    EXPECT_EQ(delivered(), 0);
    EXPECT_EQ(store_.figures().total().waiting, 50);
    cluster_.set_up();
    ASSERT_TRUE(eventually([&] { return delivered() == 50; })) << log();
    cluster_.set_down();
    append_many(50);
    std::this_thread::sleep_for(milliseconds(200));
    cluster_.set_up();
    expect_all_arrived();
    EXPECT_EQ(exporter_->figures().last_error, "");
    EXPECT_NE(log().find("delivering again"), std::string::npos) << log();
}

TEST_F(KafkaExporterTest, OutlivesErrorsThatPass) {
    cluster_.answer(kProduceRequest, {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
                                      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR__TRANSPORT});
    start();
    append_many(100);
    expect_all_arrived();
}

TEST_F(KafkaExporterTest, ReplacesAProducerThatMayNotStart) {
    cluster_.answer(kInitProducerIdRequest, {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED});
    start();
    append_many(100);
    EXPECT_TRUE(eventually([&] { return exporter_->figures().producers_made == base::kCount<Topic> + 1; })) << log();
    expect_all_arrived();
    EXPECT_EQ(exporter_->figures().errors[Cause::not_authorised], 1);
    EXPECT_NE(log().find("CLUSTER_AUTHORIZATION_FAILED"), std::string::npos) << log();
}

TEST_F(KafkaExporterTest, ReplacesAProducerThatMetAFatalErrorUnderWay) {
    start();
    append_many(20);
    ASSERT_TRUE(eventually([&] { return delivered() == 20; }));
    cluster_.answer(kProduceRequest, {RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER});
    append_many(100);
    expect_all_arrived();
    EXPECT_EQ(exporter_->figures().producers_made, base::kCount<Topic> + 1) << log();
    EXPECT_NE(log().find("telltale.transfer.v1: the producer ended"), std::string::npos) << log();
}

TEST_F(KafkaExporterTest, AcknowledgesNothingBeforeTheBrokersDo) {
    start();
    append_many(1);
    ASSERT_TRUE(eventually([&] { return delivered() == 1; }));
    cluster_.set_round_trip(400);
    append_many(10);
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::transfer].taken == 11; }));
    EXPECT_EQ(store_.figures().total().acknowledged, 1);
    EXPECT_EQ(exporter_->figures().topics[Topic::transfer].waiting, 10);
    ASSERT_TRUE(eventually([&] { return delivered() == 11; }));
    EXPECT_GE(exporter_->figures().delay.sum_seconds, 10 * 0.4);
    cluster_.set_round_trip(0);
    expect_all_arrived();
}

TEST_F(KafkaExporterTest, BuriesWhatIsTooLargeForTheProducer) {
    KafkaConfig config = cluster_.config();
    config.properties["message.max.bytes"] = "2000";
    start(config);
    append_many(5);
    append(Topic::alert, "d1", std::string(3000, 'x'));
    append_many(5);
    expect_all_arrived(1);
    EXPECT_EQ(exporter_->figures().topics[Topic::alert].dead, 1);
    ASSERT_EQ(store_.dead_events().size(), 1);
    EXPECT_EQ(store_.dead_events()[0].envelope->topic(), Topic::alert);
    EXPECT_NE(store_.dead_events()[0].reason.find("MSG_SIZE_TOO_LARGE"), std::string::npos);
}

TEST_F(KafkaExporterTest, BuriesOnlyWhatTheBrokerRefusesAlone) {
    start();
    cluster_.answer(kProduceRequest, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
    append(Topic::alert, "d1", "bad");
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::alert].dead == 1; })) << log();
    // A batch is refused, but no event by itself: all of them wait before the first is sent.
    cluster_.set_down();
    append_many(300);
    ASSERT_TRUE(eventually([&] { return exporter_->figures().topics[Topic::transfer].taken == 300; })) << log();
    cluster_.answer(kProduceRequest, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
    cluster_.set_up();
    expect_all_arrived(1);
    EXPECT_GT(exporter_->figures().topics[Topic::transfer].failed, 0);
}

// Events come all the while: brokers go and come back, fail, answer late, and end the producer.
TEST_F(KafkaExporterTest, LosesNothingInAStorm) {
    start();
    constexpr int kRounds = 5;
    for (int round = 0; round < kRounds; ++round) {
        append_many(150);
        cluster_.answer(kProduceRequest, {RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                                          RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION});
        append_many(150);
        if (round % 2 == 1) cluster_.answer(kProduceRequest, {RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER});
        cluster_.set_round_trip(round * 10);
        append_many(150);
        cluster_.set_down();
        append_many(150);
        std::this_thread::sleep_for(milliseconds(20));
        cluster_.set_up();
    }
    cluster_.set_round_trip(0);
    const std::vector<Consumed> consumed = expect_all_arrived();
    EXPECT_LT(consumed.size(), 2 * appended_.size()) << "repeats, but not of everything";
}

TEST_F(KafkaExporterTest, EndsWithinItsBoundWithTheBrokersAway) {
    cluster_.set_down();
    start();
    append_many(30);
    const auto begin = steady_clock::now();
    const base::Status finished = exporter_->finish(milliseconds(400));
    const auto took = steady_clock::now() - begin;
    EXPECT_GE(took, milliseconds(300)) << "it waits for three quarters";
    EXPECT_LT(took, milliseconds(400) + seconds(1)) << "a second for a slow machine";
    ASSERT_FALSE(finished);
    EXPECT_NE(finished.error().text.find("30 events were not delivered"), std::string::npos) << finished.error().text;
    EXPECT_EQ(store_.figures().total().waiting, 30);
    EXPECT_EQ(exporter_->figures().topics[Topic::transfer].waiting, 30);
}

TEST_F(KafkaExporterTest, IsStoppedByItsDestructor) {
    start();
    append_many(3);
    exporter_.reset();
    const exporters::LogFigures total = store_.figures().total();
    EXPECT_EQ(total.acknowledged + total.waiting, 3);
}

TEST_F(KafkaExporterTest, ShowsTheBrokersThatAreUp) {
    start();
    append_many(3);
    EXPECT_TRUE(eventually([&] { return exporter_->figures().brokers_up == 1; })) << log();
    EXPECT_EQ(exporter_->figures().brokers_known, 1);
    expect_all_arrived();
}

}  // namespace
}  // namespace telltale::kafka
