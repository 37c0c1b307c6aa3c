// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/outbox_store.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "exporters/store/outbox/outbox_stats.h"
#include "tests/unit/exporters/outbox_test.h"
#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters::outbox {
namespace {

using model::Dataset;
using model::Topic;
using Texts = std::vector<std::string>;

std::unique_ptr<EventStore> open_for_contract(const fs::path& folder, StoreLimits limits, Overflow overflow,
                                              std::size_t page) {
    OutboxConfig config = config_in(folder);
    config.waiting_page = page;
    config.limits = limits;
    config.overflow = overflow;
    auto store = OutboxStore::open(std::move(config));
    EXPECT_TRUE(store) << store.error().text;
    return std::move(*store);
}

StoreKind kind_with_page(const char* name, std::size_t page) {
    return {name,
            [page](const fs::path& folder, StoreLimits limits, Overflow overflow) {
                return open_for_contract(folder, limits, overflow, page);
            },
            true};
}

// Once with so small pages that what waits after a restart is read in many.
INSTANTIATE_TEST_SUITE_P(OutboxStore, StoreContract,
                         testing::Values(kind_with_page("OutboxStore", 16'384), kind_with_page("InPages", 2)),
                         name_of_kind);

TEST_F(OutboxTest, OneSensorForOneFile) {
    const auto store = open();
    EXPECT_NE(refusal().find("another sensor with process id " + std::to_string(getpid())), std::string::npos);
}

TEST_F(OutboxTest, AFileOfAnotherSensorOrVersionOrProgramIsNotTouched) {
    open().reset();
    config_.sensor_id = "sensor-2";
    EXPECT_NE(refusal().find("belongs to the sensor sensor-1, not to sensor-2"), std::string::npos);
    SQLite::Database(config_.file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    EXPECT_NE(refusal().find("is of version 99"), std::string::npos);
    config_.file = folder_ / "other.db";
    SQLite::Database(config_.file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE a(b)");
    EXPECT_NE(refusal().find("no outbox of Telltale"), std::string::npos);
    config_.file = folder_ / "no such folder" / "outbox.db";
    EXPECT_NE(refusal().find("cannot be opened"), std::string::npos);
}

TEST_F(OutboxTest, AFileThatIsNoDatabaseIsSetAside) {
    std::ofstream(config_.file) << std::string(100'000, 'x');
    const auto store = open();
    EXPECT_EQ(fs::file_size(folder_ / "outbox.db.damaged-1"), 100'000U);
    EXPECT_EQ(store->outbox_figures().set_aside, 1U);
    EXPECT_NE(log().find("outbox.db.damaged-1"), std::string::npos);
    EXPECT_TRUE(append_one(*store, Dataset::alert).stored);
}

TEST_F(OutboxTest, EventsAreStoredWhenTheyAreCommitted) {
    config_.commit_delay = std::chrono::hours(1);
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(append_one(*store, Dataset::alert).stored);
    EXPECT_EQ(store->figures().total().stored, 0U);
    EXPECT_EQ(store->outbox_figures().uncommitted, 10U);
    EXPECT_EQ(texts(*store, reader, Topic::alert), Texts{});
    EXPECT_EQ(stats().logs[Topic::alert].events, 0U);
    store->close();
    EXPECT_EQ(store->figures().total().stored, 10U);
    EXPECT_EQ(texts(*store, reader, Topic::alert).size(), 10U);
    EXPECT_EQ(stats().logs[Topic::alert].events, 10U);
    EXPECT_EQ(stats().readers.at(0).lag[Topic::alert], 10U);
}

TEST_F(OutboxTest, ABootThatStoredNothingHidesNoEndOfTheOneBefore) {
    {
        const auto store = open();
        for (int i = 0; i < 3; ++i) append_one(*store, Dataset::device);
    }
    open().reset();
    const auto store = open();
    ASSERT_TRUE(store->last_boot());
    EXPECT_EQ((*store->last_boot())[Topic::device], 3U);
}

TEST_F(OutboxTest, DeliveredEventsStayUntilTheirTimeOrTheirRoomIsOver) {
    const std::size_t size = 1 + text_of(Dataset::alert, 1).size();  // with the key
    config_.keep[Topic::alert] = {std::int64_t{1} << 62, 3 * size};
    config_.keep[Topic::device] = {0, 1U << 30};
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 9; ++i) append_one(*store, Dataset::alert);
    for (int i = 0; i < 9; ++i) append_one(*store, Dataset::device);
    EXPECT_EQ(stats().logs[Topic::alert].events, 9U) << "nothing that waits is forgotten";
    ASSERT_TRUE(store->acknowledge(reader, Topic::alert, 9));
    ASSERT_TRUE(store->acknowledge(reader, Topic::device, 18));
    append_one(*store, Dataset::health);
    EXPECT_EQ(stats().logs[Topic::alert].events, 3U);
    EXPECT_EQ(stats().logs[Topic::device].events, 1U) << "created long ago; the newest always stays";
}

TEST_F(OutboxTest, ANewReaderOfAnOldFileGetsEverythingThatIsKept) {
    for (Keep& keep : config_.keep) keep = {std::int64_t{1} << 62, 1U << 30};
    {
        const auto store = open();
        const ReaderId reader = store->add_reader("first");
        for (int i = 0; i < 5; ++i) append_one(*store, Dataset::alert);
        ASSERT_TRUE(store->acknowledge(reader, Topic::alert, 5));
    }
    const auto store = open();
    const ReaderId first = store->add_reader("first");
    const ReaderId second = store->add_reader("second");
    EXPECT_EQ(store->lag(first, Topic::alert), 0U);
    EXPECT_EQ(store->lag(second, Topic::alert), 5U);
    EXPECT_EQ(texts(*store, second, Topic::alert).size(), 5U);
    expect_identities(*store);
}

// Overwrites the middle of the file, where events are.
void damage(const fs::path& file) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(static_cast<std::streamoff>(fs::file_size(file) / 2));
    const std::string garbage(fs::file_size(file) / 2, '\xA5');
    stream.write(garbage.data(), static_cast<std::streamsize>(garbage.size()));
}

TEST_F(OutboxTest, WhatADamagedFileHeldIsEvictedAndToldAsARange) {
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 1000; ++i) append_one(*store, Dataset::alert, 2000);
    // All of it out of SQLite's log and into the file.
    SQLite::Database(config_.file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA wal_checkpoint(TRUNCATE)");
    damage(config_.file);
    std::vector<StoredEnvelope> batch;
    for (int i = 0; i < 50 && store->outbox_figures().set_aside == 0; ++i) {
        static_cast<void>(store->read(reader, Topic::alert, 0, 10'000, batch));
        append_one(*store, Dataset::health);
    }
    ASSERT_EQ(store->outbox_figures().set_aside, 1U) << log();
    EXPECT_TRUE(fs::exists(folder_ / "outbox.db.damaged-1"));
    EXPECT_EQ(store->figures().topics[Topic::alert].evicted, 1000U);
    expect_identities(*store);
    EXPECT_EQ(store->drops().front(), (DropRange{Topic::alert, 1, 1000, false, true}));
    EXPECT_EQ(append_one(*store, Dataset::alert).sequence, 1001U);
    EXPECT_EQ(texts(*store, reader, Topic::alert), Texts{"telltale.alert 1001"});
}

TEST_F(OutboxTest, AFileThatCannotBeReplacedIsTriedAgain) {
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 1000; ++i) append_one(*store, Dataset::alert, 2000);
    SQLite::Database(config_.file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA wal_checkpoint(TRUNCATE)");
    damage(config_.file);
    const fs::path away = folder_.string() + "-away";
    fs::rename(folder_, away);
    std::vector<StoredEnvelope> batch;
    for (int i = 0; i < 50 && store->outbox_figures().failures[FailureCause::other] == 0; ++i) {
        static_cast<void>(store->read(reader, Topic::alert, 0, 10'000, batch));
        static_cast<void>(store->reject(reader, Topic::alert, 900, "too large"));
        append_one(*store, Dataset::health);
    }
    EXPECT_GT(store->outbox_figures().failures[FailureCause::other], 0U) << log();
    EXPECT_FALSE(store->reject(reader, Topic::alert, 900, "too large")) << "it cannot be read";
    fs::rename(away, folder_);
    for (int i = 0; i < 100 && store->figures().topics[Topic::alert].evicted == 0; ++i) {
        static_cast<void>(store->read(reader, Topic::alert, 0, 10'000, batch));
        append_one(*store, Dataset::health);
    }
    EXPECT_EQ(store->figures().topics[Topic::alert].evicted, 1000U) << log();
    EXPECT_FALSE(fs::exists(folder_ / "outbox.db.damaged-3")) << "it is not set aside again and again";
    EXPECT_TRUE(append_one(*store, Dataset::alert).stored);
    expect_identities(*store);
}

TEST_F(OutboxTest, AFileThatIsDamagedInsideDoesNotPreventTheStart) {
    {
        const auto store = open();
        store->add_reader("r");
        for (int i = 0; i < 1000; ++i) append_one(*store, Dataset::alert, 2000);
    }
    damage(config_.file);
    const auto store = open();
    ASSERT_NE(store, nullptr);
    store->add_reader("r");
    for (int i = 0; i < 50 && store->outbox_figures().set_aside == 0; ++i) append_one(*store, Dataset::health);
    EXPECT_EQ(store->outbox_figures().set_aside, 1U) << log();
    EXPECT_TRUE(append_one(*store, Dataset::alert).stored);
}

// Two readers at different places, one of which refuses an event that no page has shown yet.
TEST_F(OutboxTest, WhatWaitsAfterARestartIsReadInPages) {
    {
        const auto store = open();
        const ReaderId fast = store->add_reader("fast");
        store->add_reader("slow");
        for (int i = 0; i < 100; ++i) append_one(*store, Dataset::alert);
        ASSERT_TRUE(store->acknowledge(fast, Topic::alert, 60));
    }
    config_.waiting_page = 7;
    const auto store = open();
    const ReaderId fast = store->add_reader("fast");
    EXPECT_EQ(store->figures().total().waiting, 40U);
    const ReaderId slow = store->add_reader("slow");
    EXPECT_EQ(store->figures().total().waiting, 100U);
    const std::size_t bytes = store->figures().total().waiting_bytes;
    append_one(*store, Dataset::alert);
    EXPECT_EQ(store->figures().total().waiting_bytes, bytes + 1 + text_of(Dataset::alert, 1).size());
    EXPECT_EQ(store->lag(fast, Topic::alert), 41U);
    EXPECT_EQ(store->lag(slow, Topic::alert), 101U);
    ASSERT_TRUE(store->reject(fast, Topic::alert, 70, "too large"));
    ASSERT_TRUE(store->acknowledge(fast, Topic::alert, 75));
    EXPECT_EQ(store->lag(fast, Topic::alert), 26U);
    for (Position upto = 1; upto <= 101; ++upto) {
        ASSERT_TRUE(store->acknowledge(slow, Topic::alert, upto));
        ASSERT_EQ(store->lag(slow, Topic::alert), 101 - upto);
        ASSERT_EQ(store->figures().total().waiting, 101 - std::min<Position>(upto, 75));
        ASSERT_NO_FATAL_FAILURE(expect_identities(*store));
    }
    EXPECT_EQ(store->figures().total().dead, 1U);
    ASSERT_TRUE(store->acknowledge(fast, Topic::alert, 101));
    EXPECT_EQ(store->figures().total().waiting_bytes, 0U);
    expect_identities(*store);
}

TEST_F(OutboxTest, AFileThatIsDeletedIsBegunAgain) {
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 3; ++i) append_one(*store, Dataset::alert);
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(config_.file.string() + suffix);
    append_one(*store, Dataset::alert);
    EXPECT_TRUE(fs::exists(config_.file));
    EXPECT_NE(log().find("was deleted or replaced"), std::string::npos);
    EXPECT_EQ(texts(*store, reader, Topic::alert), Texts{"telltale.alert 4"});
    EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::alert, 1, 3, false, true}}));
    expect_identities(*store);
}

TEST_F(OutboxTest, AFileThatIsReplacedByAnOlderCopyIsToldWhatItLacks) {
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    for (int i = 0; i < 3; ++i) append_one(*store, Dataset::alert);
    SQLite::Database(config_.file.string(), SQLite::OPEN_READWRITE).exec("PRAGMA wal_checkpoint(TRUNCATE)");
    fs::copy_file(config_.file, folder_ / "copy");
    for (int i = 0; i < 2; ++i) append_one(*store, Dataset::alert);
    for (const char* suffix : {"-wal", "-shm"}) fs::remove(config_.file.string() + suffix);
    fs::rename(folder_ / "copy", config_.file);
    append_one(*store, Dataset::alert);
    EXPECT_EQ(texts(*store, reader, Topic::alert),
              (Texts{"telltale.alert 1", "telltale.alert 2", "telltale.alert 3", "telltale.alert 6"}));
    EXPECT_EQ(store->drops(), (std::vector<DropRange>{{Topic::alert, 4, 5, false, true}}));
    expect_identities(*store);
}

// A file that may not grow stands for a full disk.
class NoGrowth {
  public:
    explicit NoGrowth(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~NoGrowth() { setrlimit(RLIMIT_FSIZE, &before_); }

  private:
    rlimit before_{};
};

TEST_F(OutboxTest, ADiskThatTakesNothingMoreDelaysEventsAndLosesThoseBeyondTheBound) {
    config_.commit_delay = milliseconds(1);
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    append_one(*store, Dataset::alert);
    store->close();
    constexpr std::size_t kSize = 1U << 20;
    std::uint64_t accepted = 1;
    {
        const NoGrowth full(4U << 20);
        for (int i = 0; i < 100; ++i) accepted += append_one(*store, Dataset::alert, kSize).stored ? 1U : 0U;
        EXPECT_LT(accepted, 101U);
        EXPECT_GT(accepted, 60U) << "the bound of what waits in memory";
        EXPECT_FALSE(store->outbox_figures().works);
        EXPECT_NE(log().find("outbox.db"), std::string::npos);
    }
    for (int i = 0; i < 100 && store->figures().total().stored < accepted; ++i)
        std::this_thread::sleep_for(milliseconds(50));
    EXPECT_EQ(store->figures().total().stored, accepted) << "all that was accepted";
    EXPECT_EQ(texts(*store, reader, Topic::alert).size(), accepted);
    EXPECT_TRUE(store->outbox_figures().works);
    EXPECT_NE(log().find("takes events again"), std::string::npos);
    std::uint64_t told = 0;
    for (const DropRange& range : store->drops()) told += range.last - range.first + 1;
    EXPECT_EQ(told, 101 - accepted);
    expect_identities(*store);
}

}  // namespace
}  // namespace telltale::exporters::outbox
