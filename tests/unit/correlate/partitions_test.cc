// SPDX-License-Identifier: Apache-2.0
// Any number of correlating threads gives the same results.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/correlate/big_day.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::BigDay;
using testing::RecordFeed;

constexpr unsigned kSeconds = 400;

CorrelateConfig with_threads(std::size_t threads, const Rounds& rounds = {}) {
    CorrelateConfig config;
    config.threads = threads;
    config.rounds = rounds;
    return config;
}

// As they are, a round a frame with room for one event, and in between.
constexpr Rounds kRounds[] = {{}, {.count = 2, .bytes = 1, .events = 1}, {.count = 4, .bytes = 3000, .events = 16}};

// The events in their order, and what is saved.
struct Result {
    std::vector<std::string> events;
    std::string saved;
    Counters counters;
};

Result result_of(std::size_t threads, unsigned seed, const Rounds& rounds = {}) {
    RecordFeed feed(with_threads(threads, rounds));
    BigDay day(seed);
    day.play(feed, 0, kSeconds);
    feed.finish(kSeconds);
    return {feed.in_order(), feed.save(), feed.counters()};
}

// The first event that differs: whole lists are too long to print.
void expect_same(const std::vector<std::string>& one, const std::vector<std::string>& several) {
    for (std::size_t i = 0; i < std::min(one.size(), several.size()); ++i)
        ASSERT_EQ(one[i], several[i]) << "event " << i;
    EXPECT_EQ(one.size(), several.size());
}

TEST(Partitions, GiveTheSameEventsInTheSameOrder) {
    for (const unsigned seed : {1U, 2U, 3U}) {
        const Result one = result_of(1, seed);
        ASSERT_GT(one.events.size(), 1000U);
        ASSERT_GT(one.counters.alerts, 10U);
        ASSERT_GT(one.counters.flows_late, 10U);
        for (const std::size_t threads : {2U, 3U, 5U}) {
            for (const Rounds& rounds : kRounds) {
                SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(threads) + " threads, rounds of " +
                             std::to_string(rounds.bytes));
                const Result several = result_of(threads, seed, rounds);
                expect_same(one.events, several.events);
                EXPECT_EQ(one.saved == several.saved, true) << "the saved state differs";
                EXPECT_EQ(one.counters.bytes, several.counters.bytes);
                EXPECT_EQ(one.counters.contacts, several.counters.contacts);
                EXPECT_EQ(one.counters.flows_by_cause, several.counters.flows_by_cause);
                EXPECT_EQ(one.counters.events, several.counters.events);
            }
        }
    }
}

TEST(Partitions, AFlushBetweenFramesChangesNoEvent) {
    constexpr unsigned kEvery = 7;
    const Result unflushed = result_of(1, 4);
    for (const std::size_t threads : {1U, 2U, 3U}) {
        RecordFeed feed(with_threads(threads));
        BigDay day(4);
        for (unsigned second = 0; second < kSeconds; second += kEvery) {
            day.play(feed, second, std::min(second + kEvery, kSeconds));
            feed.flush();
        }
        feed.finish(kSeconds);
        expect_same(unflushed.events, feed.in_order());
    }
}

// The flow belongs to the resolver, which is seen first; the name to the device that hears it.
TEST(Partitions, AnAnswerIsKeptForTheDeviceThatHearsIt) {
    for (const std::size_t threads : {1U, 2U, 3U}) {
        RecordFeed feed(with_threads(threads));
        feed.arp("192.168.1.1", "00:11:22:00:00:01");
        feed.arp("192.168.1.5", "0c:1d:af:00:00:05");
        feed.answer("192.168.1.5", "www.google.com", "203.0.113.10");
        feed.delta(feed.open({}), 100, 1, true);
        feed.finish(60);
        EXPECT_EQ(sums(feed).count("google"), 1U) << threads << " threads";
    }
}

TEST(Partitions, TakeOverWhatAnotherNumberOfThemSaved) {
    RecordFeed before(with_threads(3));
    BigDay first(9);
    first.play(before, 0, 200);
    before.finish(200);
    const std::string saved = before.save();

    std::vector<std::string> expected;
    for (const std::size_t threads : {1U, 2U, 4U}) {
        RecordFeed after(with_threads(threads));
        ASSERT_TRUE(after.restore(saved));
        EXPECT_EQ(after.save() == saved, true) << threads << " threads save another state than they took";
        BigDay second(10);
        second.play(after, 300, 500);
        after.finish(500);
        if (threads == 1) expected = after.in_order();
        expect_same(expected, after.in_order());
    }
}

TEST(Partitions, SumsCloseWhenTablesAreFull) {
    for (const std::size_t threads : {1U, 2U, 3U}) {
        CorrelateConfig config = with_threads(threads);
        config.max_devices = 40;
        config.max_addresses = 60;
        config.max_names = 4;
        config.max_dns_names = 6;
        config.max_ledger_rows = 8;
        config.max_contacts = 12;
        config.max_alerts = 2;
        config.max_flow_slots = 900;
        RecordFeed feed(config);
        BigDay day(5);
        day.play(feed, 0, kSeconds);
        feed.finish(kSeconds);
        std::uint64_t reported = 0;
        for (const model::Event& event : feed.events(EventAction::transfer_summary)) {
            reported += event.transfer->bytes_up + event.transfer->bytes_down;
        }
        EXPECT_EQ(reported, day.bytes()) << threads << " threads";
        EXPECT_EQ(feed.counters().bytes, day.bytes());
        EXPECT_GT(feed.counters().ledger_rows_folded, 0U);
        EXPECT_GT(feed.counters().devices_over_limit, 0U);
        EXPECT_GT(feed.counters().flows_over_limit, 0U);
    }
}

TEST(Partitions, EventsLeaveWhileNothingArrives) {
    RecordFeed feed(with_threads(2));
    feed.arp("192.168.1.5", "0c:1d:af:00:00:05");
    const auto latest = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (feed.events().empty() && std::chrono::steady_clock::now() < latest) feed.flush();
    EXPECT_EQ(feed.events(EventAction::device_first_seen).size(), 1U);
    EXPECT_EQ(feed.counters().devices, 1U);
}

TEST(Partitions, EndWhileEventsWait) {
    RecordFeed feed(with_threads(2, {.count = 64, .bytes = 1, .events = 1}));
    for (int i = 10; i < 60; ++i) {
        feed.arp("192.168.1." + std::to_string(i), "0c:1d:af:00:00:" + std::to_string(i));
    }
    EXPECT_LT(feed.events().size(), 50U) << "all were handed on";
}

}  // namespace
}  // namespace telltale::correlate
