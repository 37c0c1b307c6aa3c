// SPDX-License-Identifier: Apache-2.0
#include "exporters/store/outbox/event_query.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "exporters/store/outbox/change_writer.h"
#include "exporters/store/outbox/database.h"
#include "exporters/store/outbox/event_terms.h"

namespace telltale::exporters::outbox {
namespace {

namespace fs = std::filesystem;
using model::Dataset;
using model::Topic;

TEST(EventTerms, AreWhatEventsAreLookedUpBy) {
    const std::string json =
        R"({"event":{"dataset":"telltale.alert","severity":73},"device":{"id":"d1"},)"
        R"("host":{"name":"Phone","mac":["64-CC-2E-10-20-30"],"ip":["192.168.7.20","fe80::1"]},)"
        R"("destination":{"domain":"api.account.Xiaomi.com","ip":"47.74.139.176"},)"
        R"("telltale":{"owner":{"id":"xiaomi","confidence":0.5},"transfer":{"domains":["a.example.org"]}}})";
    std::vector<std::string> expected{"dataset:alert",
                                      "device:192.168.7.20",
                                      "device:64cc2e102030",
                                      "device:d1",
                                      "device:fe80::1",
                                      "device:phone",
                                      "domain:a.example.org",
                                      "domain:account.xiaomi.com",
                                      "domain:api.account.xiaomi.com",
                                      "domain:example.org",
                                      "domain:xiaomi.com",
                                      "owner:xiaomi",
                                      "severity:73"};
    EXPECT_EQ(terms_of(json), expected);
    EXPECT_EQ(term(LookupField::device, "64:cc:2e:10:20:30"), "device:64cc2e102030");
    EXPECT_EQ(term(LookupField::dataset, "telltale.Alert"), "dataset:alert");
    EXPECT_EQ(term(LookupField::domain, "Xiaomi.com."), "domain:xiaomi.com");
    EXPECT_EQ(text_of(json, "telltale.owner.id"), "xiaomi");
    EXPECT_EQ(text_of(json, "telltale.owner.name"), "");
}

TEST(EventTerms, TextThatIsNoJsonDoesNoHarm) {
    for (const char* text : {"", "{", "{\"event\":{\"dataset\":\"x\"", "[[[[", "{\"a\":}", "\xFF\xFE", "nul"}) {
        EXPECT_TRUE(terms_of(text).empty()) << text;
        EXPECT_EQ(text_of(text, "event.dataset"), "") << text;
    }
    EXPECT_TRUE(terms_of(std::string(100'000, '[')).empty());
}

TEST(EventTerms, AreBoundedWhateverAStrangerCallsItself) {
    std::string name = "x";
    for (int i = 0; i < 120; ++i) name += ".y";
    const std::vector<std::string> deep = terms_of(R"({"destination":{"domain":")" + name + "\"}}");
    EXPECT_EQ(deep.size(), 5U) << "the name, and domains of two to five labels";
    EXPECT_EQ(deep.front(), "domain:" + name);
    std::string list;
    for (int i = 0; i < 500; ++i) list += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + ".b.example.org\"";
    EXPECT_LE(terms_of(R"({"telltale":{"transfer":{"domains":[)" + list + "]}}}").size(), kMostTerms + 5);
    EXPECT_LE(terms_of(R"({"destination":{"domain":"...."}})").size(), 5U);
}

TEST(SegmentTerms, GroupPlacesByTerm) {
    std::mt19937 random(5);
    SegmentTerms terms;
    for (int round = 0; round < 3; ++round) {
        std::map<std::string, std::set<std::uint32_t>> expected;
        for (std::uint32_t place = 0; place < 2'000; ++place) {
            for (int i = 0; i < 8; ++i) {
                const std::string term = "device:" + std::to_string(random() % (round == 1 ? 3 : 500));
                terms.add(term, place);
                expected[term].insert(place);
            }
        }
        std::map<std::string, std::set<std::uint32_t>> found;
        terms.each([&found](std::string_view term, std::span<const std::uint32_t> places) {
            EXPECT_TRUE(std::is_sorted(places.begin(), places.end()));
            const bool added = found.try_emplace(std::string(term), places.begin(), places.end()).second;
            EXPECT_TRUE(added) << term << " comes twice";
            EXPECT_EQ(found[std::string(term)].size(), places.size()) << "a place comes twice";
        });
        EXPECT_EQ(found, expected);
        terms.clear();
        EXPECT_TRUE(terms.empty());
    }
}

// A segment that is full when the sensor stops is indexed by the next boot, too.
TEST(SegmentIndex, AFullSegmentIsWrittenAfterARestart) {
    std::string name = (fs::temp_directory_path() / "telltale-segment-XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    auto database = std::move(open_database(folder / "outbox.db", "s", Durability::system)->database);
    const auto write = [&](std::uint64_t boot, Position first, Position last) {
        ChangeWriter writer(*database, boot, {});
        Changes changes;
        for (Position position = first; position <= last; ++position) {
            Envelope envelope;
            envelope.position = envelope.sequence = position;
            envelope.created_ns = 1;
            envelope.json = R"({"device":{"id":"d"}})";
            changes.events.push_back(std::make_shared<const Envelope>(std::move(envelope)));
        }
        writer.write(changes, 0);
    };
    write(1, 1, kSegmentEvents);
    EXPECT_EQ(database->execAndGet("SELECT count(*) FROM segment").getInt(), 0) << "it is still open";
    write(2, kSegmentEvents + 1, kSegmentEvents + 1);
    EXPECT_EQ(database->execAndGet("SELECT count(*) FROM segment").getInt(), 1);
    EXPECT_EQ(database->execAndGet("SELECT count(*) FROM bucket").getInt(), 1);
    database.reset();
    fs::remove_all(folder);
}

TEST(SegmentIndex, ABucketEndsWhereItIsDamaged) {
    const std::string bucket = std::string("\x03") + "abc" + "\x02" + "12" + "\x01" + "d" + "\x01" + "3";
    EXPECT_EQ(find_in_bucket(bucket, "abc"), "12");
    EXPECT_EQ(find_in_bucket(bucket, "d"), "3");
    EXPECT_EQ(find_in_bucket(bucket, "ab"), std::nullopt);
    for (std::size_t size = 0; size < bucket.size(); ++size) {
        EXPECT_EQ(find_in_bucket(bucket.substr(0, size), "d"), std::nullopt) << size;
    }
    EXPECT_EQ(find_in_bucket(std::string(20, '\xFF'), "d"), std::nullopt);
}

TEST(SegmentIndex, PlacesArePackedAndUnpacked) {
    const std::vector<std::uint32_t> places{0, 1, 127, 128, 300, 16'383};
    EXPECT_EQ(unpack_places(pack_places(places)), places);
    EXPECT_TRUE(unpack_places("").empty());
    EXPECT_LE(unpack_places(std::string(20, '\xFF')).size(), 4U) << "damaged bytes end, too";
}

// Some 40,000 events over closed segments and an open one, with answers that are looked up in a plain list.
class EventQueryTest : public testing::Test {
  protected:
    static constexpr std::size_t kEvents = 2 * kSegmentEvents + 5'000;

    EventQueryTest() {
        std::string name = (fs::temp_directory_path() / "telltale-query-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        database_ = std::move(open_database(folder_ / "outbox.db", "s", Durability::system)->database);
        KeepByTopic keep;
        for (Keep& one : keep) one = {std::int64_t{1} << 60, std::uint64_t{1} << 40};
        ChangeWriter writer(*database_, 1, keep);
        std::mt19937 random(7);
        while (events_.size() < kEvents) {
            Changes changes;
            const std::size_t batch = std::min<std::size_t>(1 + random() % 3'000, kEvents - events_.size());
            for (std::size_t i = 0; i < batch; ++i) changes.events.push_back(make(random));
            writer.write(changes, 0);
        }
    }
    ~EventQueryTest() override {
        database_.reset();
        fs::remove_all(folder_);
    }

    StoredEnvelope make(std::mt19937& random) {
        Envelope envelope;
        envelope.dataset = static_cast<Dataset>(random() % base::kCount<Dataset>);
        envelope.position = events_.size() + 1;
        envelope.sequence = envelope.position;
        envelope.created_ns = static_cast<std::int64_t>(envelope.position) * 1'000;
        envelope.key = "k";
        const auto device = random() % 20'000;  // rare
        const auto owner = random() % 10;       // often
        envelope.json = R"({"event":{"dataset":")" + std::string(to_string(envelope.dataset)) +
                        R"("},"device":{"id":"d)" + std::to_string(device) + R"("},"telltale":{"owner":{"id":"o)" +
                        std::to_string(owner) + "\"}}}";
        events_.push_back(std::make_shared<const Envelope>(std::move(envelope)));
        return events_.back();
    }

    // The positions that match.
    [[nodiscard]] std::vector<Position> expected(const EventFilter& filter) const {
        std::vector<Position> found;
        for (const StoredEnvelope& event : events_) {
            const std::vector<std::string> terms = terms_of(event->json);
            const bool all = std::all_of(filter.terms.begin(), filter.terms.end(), [&terms](const std::string& one) {
                return std::binary_search(terms.begin(), terms.end(), one);
            });
            if (all && event->created_ns >= filter.since_ns && event->created_ns < filter.until_ns) {
                found.push_back(event->position);
            }
        }
        return found;
    }

    fs::path folder_;
    std::unique_ptr<SQLite::Database> database_;
    std::vector<StoredEnvelope> events_;
};

TEST_F(EventQueryTest, AnswersAreThoseOfAPlainList) {
    EventQuery query(*database_);
    EXPECT_EQ(query.last(), kEvents);
    std::vector<EventFilter> filters;
    for (std::vector<std::string> terms : {std::vector<std::string>{},
                                           {"device:d77"},
                                           {"owner:o3"},
                                           {"dataset:alert"},
                                           {"owner:o3", "dataset:alert"},
                                           {"device:d77", "owner:o1"},
                                           {"owner:nobody"}}) {
        filters.push_back({terms});
        filters.push_back({terms, 3'000'000, 20'000'000});
        filters.push_back({terms, 36'000'000});
        filters.push_back({terms, 0, 1'000});
    }
    for (const EventFilter& filter : filters) {
        const std::vector<Position> all = expected(filter);
        std::vector<Position> each;
        const Position end = query.each(
            filter, 0, [&](const Envelope& event) { each.push_back(event.position); },
            [](Position, Position) { return true; });
        EXPECT_EQ(end, kEvents);
        EXPECT_EQ(each, all);
        for (const std::size_t max : {std::size_t{1}, std::size_t{100}, kEvents}) {
            std::vector<Position> newest;
            for (const Envelope& event : query.newest(filter, max)) newest.push_back(event.position);
            EXPECT_EQ(newest, std::vector<Position>(all.end() - static_cast<std::ptrdiff_t>(std::min(max, all.size())),
                                                    all.end()));
        }
    }
}

TEST_F(EventQueryTest, GoesOnWhereItHasEnded) {
    EventQuery query(*database_);
    std::vector<Position> seen;
    Position after = 0;
    for (int i = 0; i < 10 && after < kEvents; ++i) {
        after = query.each(
            {{"owner:o3"}}, after, [&](const Envelope& event) { seen.push_back(event.position); },
            [](Position, Position) { return false; });
    }
    EXPECT_EQ(seen, expected({{"owner:o3"}}));
}

}  // namespace
}  // namespace telltale::exporters::outbox
