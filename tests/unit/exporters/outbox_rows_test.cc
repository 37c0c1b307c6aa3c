// SPDX-License-Identifier: Apache-2.0
// The outbox keeps the rows of the sensor's state with the events that report them.
#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/exporters/outbox_test.h"
#include "tests/unit/exporters/store_contract.h"

namespace telltale::exporters::outbox {
namespace {

using model::Dataset;
using model::Topic;

// The rows of a kind, in any order, as a store that is opened reads them.
std::set<std::string> rows_of(OutboxStore& store, std::string_view kind) {
    std::set<std::string> lines;
    EXPECT_TRUE(store.read_rows(kind, [&](std::string_view line) { lines.emplace(line); }));
    return lines;
}

AppendResult append_with(OutboxStore& store, Dataset dataset, model::StateRows rows) {
    Envelope envelope;
    envelope.dataset = dataset;
    return store.append_with(std::move(rows), std::move(envelope),
                             [](std::uint64_t, std::string& json) { json = std::string(100, 'x'); });
}

TEST_F(OutboxTest, RowsAreKeptAsTheLastOneOfAKeySays) {
    {
        const auto store = open();
        append_with(*store, Dataset::device, {{"report", "a", "1", true}, {"device", "a", "2", false}});
        append_with(*store, Dataset::alert, {{"report", "a", "3", true}, {"name", "n", "4", false}});
        store->keep_rows({{"name", "n", "", false}, {"name", "m", "5", false}});
        append_one(*store, Dataset::alert);
        EXPECT_TRUE(store->sync(milliseconds(2000)));
    }
    const auto store = open();
    EXPECT_EQ(rows_of(*store, "report"), std::set<std::string>{"3"});
    EXPECT_EQ(rows_of(*store, "device"), std::set<std::string>{"2"});
    EXPECT_EQ(rows_of(*store, "name"), std::set<std::string>{"5"});
    const auto aside = store->put_rows_aside();
    ASSERT_TRUE(aside);
    EXPECT_EQ(*aside, 3U);
    EXPECT_EQ(rows_of(*store, "report"), std::set<std::string>{});
}

TEST_F(OutboxTest, WhatADroppedEventWouldHaveReportedIsNotKept) {
    config_.limits = {1, 1U << 20};
    const auto store = open();
    const ReaderId reader = store->add_reader("r");
    ASSERT_TRUE(append_with(*store, Dataset::alert, {{"alert", "a", "1", true}}).stored);
    ASSERT_FALSE(append_with(*store, Dataset::alert, {{"alert", "b", "2", true}, {"device", "d", "3", false}}).stored);
    store->keep_rows({{"alert", "b", "4", true}, {"alert", "a", "5", true}});
    store->sync(milliseconds(2000));
    EXPECT_EQ(rows_of(*store, "alert"), std::set<std::string>{"5"}) << "nobody heard of b";
    EXPECT_EQ(rows_of(*store, "device"), std::set<std::string>{"3"}) << "a device is there, reported or not";
    ASSERT_TRUE(store->acknowledge(reader, Topic::alert, store->last_position()));
    ASSERT_TRUE(append_with(*store, Dataset::alert, {{"alert", "b", "6", true}}).stored);
    store->keep_rows({{"alert", "b", "7", true}});
    store->sync(milliseconds(2000));
    EXPECT_EQ(rows_of(*store, "alert"), (std::set<std::string>{"5", "7"}));
}

TEST_F(OutboxTest, AFileWithoutRowsOfAnOlderVersionGetsThem) {
    append_one(*open(), Dataset::alert);
    SQLite::Database(config_.file.string(), SQLite::OPEN_READWRITE).exec("DROP TABLE state; PRAGMA user_version = 1");
    EXPECT_EQ(stats().logs[Topic::alert].events, 1U);
    const auto store = open();
    EXPECT_EQ(rows_of(*store, "state"), std::set<std::string>{});
    EXPECT_EQ(stats().logs[Topic::alert].events, 1U);
}

}  // namespace
}  // namespace telltale::exporters::outbox
