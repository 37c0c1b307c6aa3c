// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "exporters/kafka/delivery_window.h"

namespace telltale::kafka {
namespace {

using exporters::Position;

exporters::StoredEnvelope envelope_at(Position position) {
    exporters::Envelope envelope;
    envelope.position = position;
    envelope.json = "0123456789";
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
    EXPECT_EQ(send(), (Positions{2})) << "still suspected: alone";
    EXPECT_TRUE(window_.refused(2));
    EXPECT_EQ(send(), (Positions{1, 3}));
}

}  // namespace
}  // namespace telltale::kafka
