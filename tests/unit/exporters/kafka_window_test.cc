// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "exporters/kafka/delivery_window.h"

namespace telltale::kafka {
namespace {

using exporters::Position;

exporters::StoredEnvelope envelope_at(Position position, std::string_view key = {}) {
    exporters::Envelope envelope;
    envelope.position = position;
    envelope.key = key.empty() ? std::to_string(position) : key;
    envelope.json = std::string(10 - envelope.key.size(), 'x');  // bytes() is 10
    return std::make_shared<const exporters::Envelope>(std::move(envelope));
}

class DeliveryWindowTest : public testing::Test {
  protected:
    void fill(Position last) {
        for (Position position = 1; position <= last; ++position) window_.add(envelope_at(position));
    }
    // One event per letter, which is its key.
    void fill_keys(std::string_view keys) {
        for (std::size_t i = 0; i < keys.size(); ++i) window_.add(envelope_at(i + 1, keys.substr(i, 1)));
    }
    // Everything that may be sent now.
    std::vector<Position> send() {
        std::vector<Position> sent;
        while (WindowEntry* entry = window_.next_to_send()) {
            sent.push_back(entry->envelope->position);
            window_.mark_sent(*entry);
        }
        return sent;
    }

    DeliveryWindow window_;
};

using Positions = std::vector<Position>;

TEST_F(DeliveryWindowTest, AcknowledgesOnlyARunAtTheFront) {
    fill(4);
    EXPECT_EQ(send(), (Positions{1, 2, 3, 4}));
    window_.delivered(2);
    window_.delivered(4);
    EXPECT_EQ(window_.take_done(), 0);
    window_.delivered(1);
    EXPECT_EQ(window_.take_done(), 2);
    EXPECT_EQ(window_.take_done(), 0) << "nothing new";
    EXPECT_EQ(window_.bytes(), 20);
    window_.delivered(3);
    EXPECT_EQ(window_.take_done(), 4);
    EXPECT_EQ(window_.size(), 0);
    EXPECT_EQ(window_.bytes(), 0);
}

TEST_F(DeliveryWindowTest, SendsFailedEventsAgainWhenTold) {
    fill(3);
    (void)send();
    window_.failed(1);
    window_.failed(3);
    window_.delivered(2);
    EXPECT_EQ(send(), Positions{}) << "not before the pause is over";
    window_.retry_failed();
    EXPECT_EQ(send(), (Positions{1, 3}));
    window_.delivered(1);
    EXPECT_EQ(window_.take_done(), 2);
    window_.delivered(3);
    EXPECT_EQ(window_.take_done(), 3);
}

TEST_F(DeliveryWindowTest, ResendsWhatIsNotReportedButNothingThatIs) {
    fill(5);
    (void)send();
    window_.delivered(1);
    window_.delivered(3);
    window_.failed(4);
    EXPECT_EQ(window_.take_done(), 1);
    window_.resend_all();
    EXPECT_EQ(send(), (Positions{2, 4, 5}));
}

TEST_F(DeliveryWindowTest, IgnoresReportsOfWhatIsNotSent) {
    fill(2);
    window_.delivered(1);
    window_.failed(2);
    window_.delivered(99);
    EXPECT_FALSE(window_.refused(1));
    EXPECT_EQ(send(), (Positions{1, 2}));
    window_.delivered(1);
    window_.failed(1);  // twice
    EXPECT_EQ(window_.take_done(), 1);
    window_.delivered(1);  // forgotten
    EXPECT_EQ(window_.size(), 1);
}

TEST_F(DeliveryWindowTest, ProbesARefusedBatchBeforeAnythingElse) {
    fill(3);
    (void)send();
    EXPECT_FALSE(window_.refused(1));
    EXPECT_FALSE(window_.refused(2));
    window_.add(envelope_at(4));
    EXPECT_EQ(send(), Positions{}) << "3 is not back yet";
    window_.delivered(3);
    EXPECT_EQ(send(), (Positions{1, 2})) << "the suspects, and not 4";
    window_.delivered(2);
    EXPECT_EQ(send(), Positions{});
    window_.delivered(1);
    EXPECT_EQ(send(), (Positions{4}));
    EXPECT_FALSE(window_.probing());
}

// One bad event in a large batch: it alone dies, in a bounded number of rounds.
TEST_F(DeliveryWindowTest, FindsTheBadOnes) {
    constexpr Position kEvents = 1000;
    const auto bad = [](Position position) { return position == 70 || position == 71 || position == 999; };
    fill(kEvents);
    std::vector<Position> dead;
    int rounds = 0;
    for (Positions sent = send(); !sent.empty() && rounds < 1000; sent = send(), ++rounds) {
        bool batch_is_bad = false;
        for (const Position position : sent) batch_is_bad = batch_is_bad || bad(position);
        for (const Position position : sent) {
            if (!batch_is_bad) {
                window_.delivered(position);
            } else if (window_.refused(position)) {
                dead.push_back(position);
            }
        }
    }
    EXPECT_EQ(dead, (Positions{70, 71, 999}));
    EXPECT_EQ(window_.take_done(), kEvents);
    EXPECT_LT(rounds, 80);
}

TEST_F(DeliveryWindowTest, ARoundThatFailsOtherwiseEndsToo) {
    fill(2);
    (void)send();
    EXPECT_FALSE(window_.refused(1));
    EXPECT_FALSE(window_.refused(2));
    EXPECT_EQ(send(), (Positions{1, 2}));
    window_.failed(1);
    window_.delivered(2);
    EXPECT_EQ(send(), Positions{});
    window_.retry_failed();
    EXPECT_EQ(send(), (Positions{1}));
    window_.delivered(1);
    EXPECT_EQ(window_.take_done(), 2);
}

TEST_F(DeliveryWindowTest, ANewProducerStartsWithoutARound) {
    fill(3);
    (void)send();
    for (const Position position : Positions{1, 2, 3}) EXPECT_FALSE(window_.refused(position));
    EXPECT_EQ(send(), (Positions{1, 2, 3}));
    EXPECT_FALSE(window_.refused(2));
    window_.resend_all();
    EXPECT_EQ(send(), (Positions{1, 2, 3})) << "2 is still suspected, and does not overtake 1";
    for (const Position position : Positions{1, 2, 3}) EXPECT_FALSE(window_.refused(position));
    EXPECT_EQ(send(), (Positions{1}));
    window_.delivered(1);
    EXPECT_EQ(send(), (Positions{2}));
    EXPECT_TRUE(window_.refused(2));
    EXPECT_EQ(send(), (Positions{3}));
}

TEST_F(DeliveryWindowTest, WhatIsSentAgainDoesNotOvertakeItsKey) {
    fill_keys("abaab");
    EXPECT_EQ(send(), (Positions{1, 2, 3, 4, 5}));
    window_.failed(1);
    window_.retry_failed();
    EXPECT_EQ(send(), Positions{}) << "3 and 4 are out";
    window_.add(envelope_at(6, "a"));
    window_.add(envelope_at(7, "c"));
    EXPECT_EQ(send(), (Positions{7})) << "6 follows 1";
    window_.failed(3);
    EXPECT_EQ(send(), Positions{}) << "4 is out";
    window_.failed(4);
    window_.retry_failed();
    EXPECT_EQ(send(), (Positions{1, 3, 4, 6})) << "all are back";
}

TEST_F(DeliveryWindowTest, HeldEventsGoOnceTheLastOneOfTheirKeyIsBack) {
    fill_keys("aba");
    (void)send();
    window_.failed(1);
    window_.failed(2);
    window_.retry_failed();
    EXPECT_EQ(send(), (Positions{2}));
    window_.delivered(3);
    EXPECT_EQ(send(), (Positions{1}));
    window_.delivered(1);
    window_.delivered(2);
    EXPECT_EQ(window_.take_done(), 3);
}

TEST_F(DeliveryWindowTest, ASuspectDoesNotOvertakeWhatIsHeldForIt) {
    fill_keys("aaa");
    (void)send();
    window_.failed(1);
    window_.retry_failed();
    EXPECT_FALSE(window_.refused(2));
    EXPECT_FALSE(window_.refused(3));
    EXPECT_EQ(send(), (Positions{1, 2, 3}));
}

TEST_F(DeliveryWindowTest, ANewProducerHoldsNothing) {
    fill_keys("aa");
    (void)send();
    window_.failed(1);
    window_.retry_failed();
    window_.resend_all();
    EXPECT_EQ(send(), (Positions{1, 2}));
}

// Whatever happens, an event is never handed over while a later one of its key is out, and all are done in the end.
TEST_F(DeliveryWindowTest, KeepsTheOrderOfKeysUnderRandomOutcomes) {
    std::mt19937 random(7);
    const auto key_of = [](Position position) { return std::to_string(position * 7 % 5); };
    Position last = 0;
    std::set<Position> out;
    bool paused = false;
    Position done = 0;
    for (int step = 0; step < 40'000; ++step) {
        const bool ending = step > 30'000;
        if (!ending && window_.size() < 60) {
            ++last;
            window_.add(envelope_at(last, key_of(last)));
        }
        if (paused && random() % 4 == 0) {
            paused = false;
            window_.retry_failed();
        }
        if (random() % 2000 == 0) {
            paused = false;
            out.clear();
            window_.resend_all();
        }
        for (WindowEntry* entry = nullptr; !paused && (entry = window_.next_to_send()) != nullptr;) {
            const Position position = entry->envelope->position;
            for (const Position other : out) {
                ASSERT_FALSE(other > position && key_of(other) == key_of(position)) << other << " before " << position;
            }
            window_.mark_sent(*entry);
            out.insert(position);
        }
        for (int reports = 0; reports < 3 && !out.empty(); ++reports) {
            const Position position = *std::next(out.begin(), static_cast<std::ptrdiff_t>(random() % out.size()));
            out.erase(position);
            const auto outcome = random() % (ending ? 1 : 8);
            if (outcome < 6) {
                window_.delivered(position);
            } else if (outcome == 6) {
                window_.failed(position);
                paused = true;
            } else {
                (void)window_.refused(position);
            }
        }
        done = std::max(done, window_.take_done());
    }
    EXPECT_EQ(done, last);
    EXPECT_EQ(window_.size(), 0);
}

}  // namespace
}  // namespace telltale::kafka
