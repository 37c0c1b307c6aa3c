// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "exporters/kafka/delivery_window.h"

namespace telltale::kafka {
namespace {

using exporters::Position;

exporters::StoredEnvelope envelope_at(Position position) {
    exporters::Envelope envelope;
    envelope.position = position;
    envelope.key = std::to_string(position);
    envelope.json = std::string(10 - envelope.key.size(), 'x');  // bytes() is 10
    return std::make_shared<const exporters::Envelope>(std::move(envelope));
}

class DeliveryWindowTest : public testing::Test {
  protected:
    void fill(Position last) {
        for (Position position = 1; position <= last; ++position) window_.add(envelope_at(position));
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

TEST_F(DeliveryWindowTest, SendsFailedEventsAgainInOrderAfterARestart) {
    fill(4);
    (void)send();
    window_.failed(1);
    window_.add(envelope_at(5));
    EXPECT_EQ(send(), Positions{}) << "nothing overtakes what failed";
    window_.failed(3);
    window_.delivered(2);
    window_.restart();
    EXPECT_EQ(send(), (Positions{1, 3, 4, 5}));
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
    window_.restart();
    EXPECT_EQ(send(), (Positions{2, 4, 5}));
}

TEST_F(DeliveryWindowTest, IgnoresReportsOfWhatIsNotSent) {
    fill(2);
    window_.delivered(1);
    window_.failed(2);
    window_.delivered(99);
    EXPECT_FALSE(window_.refused(1, false));
    EXPECT_EQ(send(), (Positions{1, 2}));
    window_.delivered(1);
    window_.failed(1);  // twice
    EXPECT_EQ(window_.take_done(), 1);
    window_.delivered(1);  // forgotten
    EXPECT_EQ(window_.size(), 1);
}

TEST_F(DeliveryWindowTest, AnEventThatWasOutAloneIsDeadAtOnce) {
    fill(1);
    (void)send();
    EXPECT_TRUE(window_.refused(1, false));
    EXPECT_EQ(window_.take_done(), 1);
    window_.restart();
    window_.add(envelope_at(2));
    (void)send();
    window_.add(envelope_at(3));
    (void)send();
    EXPECT_FALSE(window_.refused(2, false)) << "3 may have been in its batch";
}

TEST_F(DeliveryWindowTest, ProbesARefusedBatchBeforeAnythingElse) {
    fill(3);
    (void)send();
    EXPECT_FALSE(window_.refused(1, false));
    EXPECT_FALSE(window_.refused(2, false));
    window_.add(envelope_at(4));
    EXPECT_EQ(send(), Positions{}) << "3 is not back yet";
    window_.delivered(3);
    window_.restart();
    EXPECT_EQ(send(), (Positions{1, 2})) << "the suspects, and not 4";
    window_.delivered(2);
    EXPECT_EQ(send(), Positions{});
    window_.delivered(1);
    EXPECT_EQ(send(), (Positions{4}));
    EXPECT_FALSE(window_.probing());
}

// A broker that refuses what has a bad event in it. Returns how many batches it got.
int probe(DeliveryWindow& window, const std::function<bool(Position)>& bad, bool for_its_size,
          std::vector<Position>& dead) {
    int batches = 0;
    for (; batches < 1000; ++batches) {
        std::vector<Position> sent;
        while (WindowEntry* entry = window.next_to_send()) {
            sent.push_back(entry->envelope->position);
            window.mark_sent(*entry);
        }
        if (sent.empty()) break;
        const bool refused = std::any_of(sent.begin(), sent.end(), bad);
        for (const Position position : sent) {
            if (!refused) {
                window.delivered(position);
            } else if (window.refused(position, for_its_size)) {
                dead.push_back(position);
            }
        }
        if (refused) window.restart();
    }
    return batches;
}

// One bad event in a large batch: it alone dies, in a bounded number of rounds.
TEST_F(DeliveryWindowTest, FindsTheBadOnes) {
    constexpr Position kEvents = 1000;
    fill(kEvents);
    Positions dead;
    const auto bad = [](Position position) { return position == 70 || position == 71 || position == 999; };
    EXPECT_LT(probe(window_, bad, false, dead), 80);
    EXPECT_EQ(dead, (Positions{70, 71, 999}));
    EXPECT_EQ(window_.take_done(), kEvents);
}

TEST_F(DeliveryWindowTest, FindsTheOneThatIsTooLargeAtOnce) {
    fill(30);
    exporters::Envelope large = *envelope_at(31);
    large.json = std::string(1000, 'x');
    window_.add(std::make_shared<const exporters::Envelope>(large));
    for (Position position = 32; position <= 60; ++position) window_.add(envelope_at(position));
    Positions dead;
    const auto bad = [](Position position) { return position == 31; };
    EXPECT_EQ(probe(window_, bad, true, dead), 4) << "all, those before it, it, those behind it";
    EXPECT_EQ(dead, Positions{31});
    EXPECT_EQ(window_.take_done(), 60);
}

TEST_F(DeliveryWindowTest, ARoundThatFailsOtherwiseEndsToo) {
    fill(2);
    (void)send();
    EXPECT_FALSE(window_.refused(1, false));
    EXPECT_FALSE(window_.refused(2, false));
    window_.restart();
    EXPECT_EQ(send(), (Positions{1, 2}));
    window_.failed(1);
    window_.delivered(2);
    EXPECT_EQ(send(), Positions{});
    window_.restart();
    EXPECT_EQ(send(), (Positions{1}));
    window_.delivered(1);
    EXPECT_EQ(window_.take_done(), 2);
}

TEST_F(DeliveryWindowTest, WhatIsBeforeASuspectIsNotOvertakenByIt) {
    fill(3);
    (void)send();
    window_.failed(1);
    EXPECT_FALSE(window_.refused(2, false));
    window_.failed(3);
    window_.restart();
    EXPECT_EQ(send(), (Positions{1, 2})) << "3 follows";
    EXPECT_FALSE(window_.refused(1, false));
    EXPECT_FALSE(window_.refused(2, false));
    window_.restart();
    EXPECT_EQ(send(), Positions{1}) << "one by one";
    window_.delivered(1);
    EXPECT_EQ(send(), Positions{2});
    EXPECT_TRUE(window_.refused(2, false));
    window_.restart();
    EXPECT_EQ(send(), Positions{3});
}

// Whatever happens, no event is handed over while an earlier one is known to have failed, and all are done in the end.
TEST_F(DeliveryWindowTest, KeepsTheOrderUnderRandomOutcomes) {
    std::mt19937 random(7);
    Position last = 0;
    std::set<Position> out;
    bool broken = false;
    Position done = 0;
    for (int step = 0; step < 40'000; ++step) {
        const bool ending = step > 30'000;
        if (!ending && window_.size() < 60) window_.add(envelope_at(++last));
        if ((broken && (out.empty() || random() % 4 == 0)) || random() % 2000 == 0) {
            broken = false;
            out.clear();
            window_.restart();
        }
        for (WindowEntry* entry = nullptr; (entry = window_.next_to_send()) != nullptr;) {
            const Position position = entry->envelope->position;
            ASSERT_FALSE(broken) << position;
            ASSERT_TRUE(out.empty() || *out.rbegin() < position) << *out.rbegin() << " before " << position;
            window_.mark_sent(*entry);
            out.insert(position);
        }
        for (int reports = 0; reports < 3 && !out.empty(); ++reports) {
            const Position position = *std::next(out.begin(), static_cast<std::ptrdiff_t>(random() % out.size()));
            out.erase(position);
            const auto outcome = random() % (ending ? 1 : 8);
            if (outcome < 6) {
                window_.delivered(position);
                continue;
            }
            broken = true;
            outcome == 6 ? window_.failed(position) : (void)window_.refused(position, outcome % 2 == 0);
        }
        done = std::max(done, window_.take_done());
    }
    EXPECT_EQ(done, last);
    EXPECT_EQ(window_.size(), 0);
}

}  // namespace
}  // namespace telltale::kafka
