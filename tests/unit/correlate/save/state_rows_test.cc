// SPDX-License-Identifier: Apache-2.0
// What is known survives as rows: with the events that report it, and as it changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/correlate/big_day.h"
#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using model::EventAction;
using testing::BigDay;
using ::testing::HasSubstr;
using testing::RecordFeed;

constexpr unsigned kSeconds = 300;

CorrelateConfig with_rows(std::size_t threads = 1) {
    CorrelateConfig config;
    config.keep_rows = true;
    config.threads = threads;
    return config;
}

// The rows that a store has: by kind and key, the latest.
class Kept {
  public:
    void take(const model::StateRow& row) {
        auto& of_kind = rows_[std::string(row.kind)];
        row.line.empty() ? void(of_kind.erase(row.key)) : void(of_kind[row.key] = row.line);
    }
    void take(const model::StateRows& rows) {
        for (const model::StateRow& row : rows) take(row);
    }
    // The rows of events that were made since, then all that has changed.
    void take_changes(RecordFeed& feed) {
        model::StateRows rows;
        const auto keep = [&rows](model::StateRow&& row) { return rows.push_back(std::move(row)), true; };
        EXPECT_TRUE(feed.correlator().write_changes(keep));
        for (; events_ < feed.events().size(); ++events_) take(feed.events()[events_].rows);
        take(rows);
    }
    base::Status restore(RecordFeed& feed) const {
        const auto read = [this](std::string_view kind, const std::function<void(std::string_view)>& visit) {
            const auto found = rows_.find(std::string(kind));
            if (found == rows_.end()) return;
            for (const auto& [key, line] : found->second) visit(line);
        };
        return feed.correlator().restore_rows(read, "outbox.db");
    }
    std::map<std::string, std::map<std::string, std::string>>& rows() { return rows_; }

  private:
    std::map<std::string, std::map<std::string, std::string>> rows_;
    std::size_t events_ = 0;
};

Kept all_rows(RecordFeed& feed) {
    Kept kept;
    feed.correlator().note_all();
    kept.take_changes(feed);
    return kept;
}

// The rows that were written as they changed. The rest is what may be a little older in them: when a device was seen
// last, and how long a name is good.
std::string without_times(const std::string& line) {
    std::string text = line;
    for (const std::string_view name : {"\"last_seen_ns\":", "\"expires_ns\":"}) {
        const std::size_t at = text.find(name);
        if (at == std::string::npos) continue;
        const std::size_t from = at + name.size();
        text.erase(from, text.find_first_not_of("0123456789", from) - from);
    }
    return text;
}

void expect_same(Kept& left, Kept& right) {
    for (const std::string_view kind :
         {"state", "device", "report", "evidence", "mac", "address", "prefix", "name", "contact", "alert"}) {
        const auto& one = left.rows()[std::string(kind)];
        const auto& other = right.rows()[std::string(kind)];
        EXPECT_EQ(one.size(), other.size()) << kind;
        for (const auto& [key, line] : one) {
            const auto found = other.find(key);
            ASSERT_NE(found, other.end()) << kind << " " << key;
            ASSERT_EQ(without_times(line), without_times(found->second)) << kind << " " << key;
        }
    }
}

// The devices, contacts and alerts that events report, once for each time.
std::multiset<std::string> reported(const std::vector<model::Event>& events, std::size_t count) {
    std::multiset<std::string> reported;
    for (std::size_t i = 0; i < std::min(count, events.size()); ++i) {
        const model::Event& event = events[i];
        if (event.action == EventAction::device_first_seen) reported.insert("device " + event.device->id);
        if (event.action == EventAction::destination_first_contact) {
            const bool named = !event.destination->domain.empty();
            reported.insert("contact " + event.device->id + " " +
                            (named ? event.destination->domain : model::to_string(event.destination->address)));
        }
        if (event.action == EventAction::policy_alert && event.alert->state == model::AlertState::open) {
            reported.insert("alert " + event.alert->id);
        }
    }
    return reported;
}

TEST(StateRows, SayWhatTheWholeStateSays) {
    for (const std::size_t threads : {1U, 3U}) {
        for (const unsigned seed : {1U, 2U, 3U}) {
            SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(threads) + " threads");
            RecordFeed feed(with_rows(threads));
            BigDay day(seed);
            Kept kept;
            for (unsigned second = 0; second < kSeconds; second += 25) {
                day.play(feed, second, second + 25);
                kept.take_changes(feed);
            }
            feed.finish(kSeconds);
            kept.take_changes(feed);
            ASSERT_GT(kept.rows()["contact"].size(), 100U);
            Kept whole = all_rows(feed);
            expect_same(kept, whole);

            RecordFeed after(with_rows());
            const base::Status restored = kept.restore(after);
            ASSERT_TRUE(restored) << restored.error().text;
            Kept again = all_rows(after);
            expect_same(again, whole);
        }
    }
}

TEST(StateRows, OfAnEventAreAllThatTheNextRunNeedsToNotReportItAgain) {
    RecordFeed whole(with_rows());
    BigDay(7).play(whole, 0, kSeconds);
    const std::multiset<std::string> expected = reported(whole.events(), whole.events().size());
    ASSERT_GT(expected.size(), 300U);
    // The process ends behind any event, and what was not written with one is lost.
    for (std::size_t count = 0; count <= whole.events().size(); count += 97) {
        SCOPED_TRACE(std::to_string(count) + " events were stored");
        Kept kept;
        for (std::size_t i = 0; i < count; ++i) kept.take(whole.events()[i].rows);
        RecordFeed after(with_rows());
        ASSERT_TRUE(count == 0 || kept.restore(after));
        BigDay(7).play(after, 0, kSeconds);
        std::multiset<std::string> both = reported(whole.events(), count);
        both.merge(reported(after.events(), after.events().size()));
        EXPECT_EQ(both, expected);
    }
}

TEST(StateRows, AreTheSameInSlices) {
    RecordFeed feed(with_rows());
    BigDay(5).play(feed, 0, kSeconds);
    Kept whole = all_rows(feed);
    feed.correlator().note_all();
    Kept slices;
    for (bool all = false; !all;) {
        std::size_t rows = 0;
        all = feed.correlator().write_changes([&](model::StateRow&& row) { return slices.take(row), ++rows < 3; });
        ASSERT_LE(rows, 3U);
    }
    expect_same(slices, whole);
}

TEST(StateRows, AreNotMadeWhereNobodyKeepsThem) {
    RecordFeed feed;
    BigDay(5).play(feed, 0, 60);
    for (const model::Event& event : feed.events()) ASSERT_TRUE(event.rows.empty());
}

TEST(StateRows, OfOtherTapsAreNotRestored) {
    RecordFeed feed(with_rows());
    BigDay(5).play(feed, 0, 60);
    Kept kept = all_rows(feed);
    CorrelateConfig config = with_rows();
    config.segments = "other";
    RecordFeed other(config);
    const base::Status restored = kept.restore(other);
    ASSERT_FALSE(restored);
    EXPECT_THAT(restored.error().text, HasSubstr("made with other taps"));
    EXPECT_EQ(other.correlator().counters().devices, 0U);
}

TEST(StateRows, ThatAreDamagedAreRefusedByName) {
    RecordFeed feed(with_rows());
    BigDay(5).play(feed, 0, 60);
    Kept kept = all_rows(feed);
    kept.rows()["contact"].begin()->second = "{\"kind\":\"contact\",\"flows\":\"many\"}";
    RecordFeed other(with_rows());
    const base::Status restored = kept.restore(other);
    ASSERT_FALSE(restored);
    EXPECT_THAT(restored.error().text, HasSubstr("outbox.db: the saved row of kind contact"));
    EXPECT_THAT(restored.error().text, HasSubstr("'flows' has a wrong value"));
}

}  // namespace
}  // namespace telltale::correlate
