// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/dead_replay.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <future>

#include "exporters/store/outbox/database.h"
#include "exporters/store/outbox/event_query.h"
#include "exporters/store/outbox/segment_index.h"
#include "tests/unit/exporters/outbox_test.h"
#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters::outbox {
namespace {

using model::Dataset;
using model::Topic;
using Texts = std::vector<std::string>;

constexpr milliseconds kPatience{20'000};

// An outbox with two readers: "kafka" refuses, "file" takes everything.
class DeadReplay : public testing::Test {
  protected:
    DeadReplay() {
        std::string name = (fs::temp_directory_path() / "telltale-replay-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        file_ = folder_ / "outbox.db";
        start();
    }
    ~DeadReplay() override {
        stop();
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    enum class Readers : std::uint8_t { both, file };

    void start(Readers readers = Readers::both) {
        OutboxConfig config = config_in(folder_);
        config.limits = {1000, 1U << 20};
        for (Keep& keep : config.keep) keep = {std::int64_t{1} << 62, 1U << 30};
        auto opened = OutboxStore::open(std::move(config));
        ASSERT_TRUE(opened) << opened.error().text;
        store_ = std::move(*opened);
        if (readers == Readers::both) kafka_ = store_->add_reader("kafka");
        file_reader_ = store_->add_reader("file");
    }
    void stop() { store_.reset(); }

    void refuse(Position position) { ASSERT_TRUE(store_->reject(kafka_, Topic::alert, position, "too large")); }
    void finish_all() {
        for (const ReaderId reader : {kafka_, file_reader_}) {
            ASSERT_TRUE(store_->acknowledge(reader, Topic::alert, store_->last_position()));
        }
    }
    std::vector<DeadRow> dead() { return dead_rows(**open_for_reading(file_), Dead::all); }
    std::vector<std::int64_t> numbers() {
        std::vector<std::int64_t> numbers;
        for (const DeadRow& row : dead()) numbers.push_back(row.number);
        return numbers;
    }

    fs::path folder_;
    fs::path file_;
    std::unique_ptr<OutboxStore> store_;
    ReaderId kafka_ = 0;
    ReaderId file_reader_ = 0;
};

TEST_F(DeadReplay, TheRunningSensorPutsThemBackForTheReaderThatRefusedThem) {
    for (int i = 0; i < 4; ++i) append_one(*store_, Dataset::alert);
    refuse(2);
    refuse(3);
    finish_all();
    store_->sync(kPatience);
    ASSERT_EQ(store_->figures().topics[Topic::alert].dead, 2U);

    const auto outcome = replay_dead(file_, std::vector{numbers().front()}, kPatience);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_TRUE(outcome->by_sensor);
    EXPECT_EQ(outcome->replayed, 1U);
    EXPECT_EQ(outcome->asked, 0U);
    EXPECT_EQ(numbers().size(), 1U);

    store_->sync(kPatience);
    for (int i = 0; i < 200 && store_->dead_events().size() != 1; ++i) std::this_thread::sleep_for(milliseconds(10));
    const LogFigures log = store_->figures().topics[Topic::alert];
    EXPECT_EQ(log.stored, 5U) << "it is stored once more";
    EXPECT_EQ(log.replayed, 1U);
    EXPECT_EQ(log.dead, 2U);
    EXPECT_EQ(log.waiting, 1U);
    expect_identities(*store_);
    EXPECT_EQ(store_->dead_events().size(), 1U);
    EXPECT_EQ(texts(*store_, kafka_, Topic::alert), Texts{"telltale.alert 2"}) << "the same event and sequence";
    EXPECT_EQ(texts(*store_, file_reader_, Topic::alert), Texts{}) << "it has had it";
    EXPECT_EQ(store_->lag(kafka_, Topic::alert), 1U);
    EXPECT_EQ(store_->lag(file_reader_, Topic::alert), 0U);
    EXPECT_EQ(append_one(*store_, Dataset::alert).sequence, 5U) << "sequences go on";

    std::vector<StoredEnvelope> batch;
    ASSERT_EQ(*store_->read(file_reader_, Topic::alert, 0, 1, batch), 1U);
    EXPECT_EQ(batch.front()->sequence, 5U) << "it looks behind the copy, however few it asks for";
    EXPECT_EQ(texts(*store_, kafka_, Topic::alert), (Texts{"telltale.alert 2", "telltale.alert 5"}));
    finish_all();
    EXPECT_EQ(store_->figures().topics[Topic::alert].acknowledged, 4U);
    expect_identities(*store_);
}

TEST_F(DeadReplay, WaitsForItsReader) {
    append_one(*store_, Dataset::alert);
    refuse(1);
    ASSERT_TRUE(store_->acknowledge(kafka_, Topic::alert, 1));
    store_->sync(kPatience);
    stop();
    start(Readers::file);
    const auto first = replay_dead(file_, numbers(), milliseconds(1500));
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->by_sensor);
    EXPECT_EQ(first->asked, 1U);
    EXPECT_TRUE(dead().front().to_be_replayed);
    EXPECT_EQ(texts(*store_, file_reader_, Topic::alert), Texts{"telltale.alert 1"});
    kafka_ = store_->add_reader("kafka");
    for (int i = 0; i < 500 && store_->lag(kafka_, Topic::alert) != 1; ++i)
        std::this_thread::sleep_for(milliseconds(10));
    EXPECT_EQ(texts(*store_, kafka_, Topic::alert), Texts{"telltale.alert 1"});
    EXPECT_TRUE(dead().empty());
    expect_identities(*store_);
}

TEST_F(DeadReplay, WithoutASensorItIsDoneInTheFile) {
    for (int i = 0; i < 3; ++i) append_one(*store_, Dataset::alert);
    refuse(1);
    refuse(3);
    finish_all();
    append_one(*store_, Dataset::alert);
    stop();
    const auto outcome = replay_dead(file_, numbers(), kPatience);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_FALSE(outcome->by_sensor);
    EXPECT_EQ(outcome->replayed, 2U);
    EXPECT_TRUE(dead().empty());

    start();
    const Texts expected{"telltale.alert 4", "telltale.alert 1", "telltale.alert 3"};
    EXPECT_EQ(texts(*store_, kafka_, Topic::alert), expected);
    EXPECT_EQ(texts(*store_, file_reader_, Topic::alert), Texts{"telltale.alert 4"});
    EXPECT_EQ((*store_->last_boot())[Topic::alert], 4U) << "a copy is not what was stored last";
    EXPECT_EQ(store_->lag(file_reader_, Topic::alert), 1U);
    expect_identities(*store_);
    refuse(5);
    ASSERT_TRUE(store_->acknowledge(kafka_, Topic::alert, 6));
    ASSERT_TRUE(store_->acknowledge(file_reader_, Topic::alert, 4));
    EXPECT_EQ(store_->figures().topics[Topic::alert].waiting, 0U) << "nobody waits for the copies";
    EXPECT_EQ(store_->figures().topics[Topic::alert].dead, 1U) << "it can be refused again";
    expect_identities(*store_);
    stop();
    start();
    EXPECT_EQ(texts(*store_, kafka_, Topic::alert), Texts{});
    EXPECT_EQ(texts(*store_, file_reader_, Topic::alert), Texts{});
}

TEST_F(DeadReplay, CopiesAreNotFoundTwice) {
    for (int i = 0; i < 3; ++i) append_one(*store_, Dataset::alert);
    refuse(2);
    finish_all();
    stop();
    ASSERT_TRUE(replay_dead(file_, numbers(), kPatience));
    const auto database = std::move(*open_for_reading(file_));
    EventQuery query(*database);
    const std::vector<Envelope> found = query.newest({}, 100);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[1].json, "telltale.alert 2");
}

// Else the events before would never be found by the index.
TEST_F(DeadReplay, ASegmentThatACopyFillsIsIndexed) {
    append_one(*store_, Dataset::alert);
    refuse(1);
    finish_all();
    stop();
    SQLite::Database(file_.string(), SQLite::OPEN_READWRITE)
        .exec("UPDATE log_alert SET json = '{\"device\":{\"id\":\"d\"}}', position = " +
              std::to_string(kSegmentEvents));
    ASSERT_TRUE(replay_dead(file_, numbers(), kPatience));
    SQLite::Database database(file_.string());
    EXPECT_EQ(database.execAndGet("SELECT count(*) FROM bucket").getInt(), 1);
    EXPECT_EQ(database.execAndGet("SELECT max(position) FROM log_alert").getInt64(), kSegmentEvents + 1);
}

TEST_F(DeadReplay, AFullStoreTakesThemLater) {
    append_one(*store_, Dataset::alert);
    refuse(1);
    finish_all();
    for (int i = 0; i < 1000; ++i) append_one(*store_, Dataset::alert);
    EXPECT_FALSE(append_one(*store_, Dataset::alert).stored);
    const auto first = replay_dead(file_, numbers(), milliseconds(300));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->asked, 1U);
    finish_all();
    for (int i = 0; i < 500 && store_->lag(kafka_, Topic::alert) != 1; ++i)
        std::this_thread::sleep_for(milliseconds(10));
    EXPECT_EQ(texts(*store_, kafka_, Topic::alert), Texts{"telltale.alert 1"});
    expect_identities(*store_);
}

}  // namespace
}  // namespace telltale::exporters::outbox
