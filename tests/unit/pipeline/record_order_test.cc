// SPDX-License-Identifier: Apache-2.0
// The merge: records of several workers reach the consumer in an order that does not depend on how they were spread.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "sensor/pipeline/record_merge.h"
#include "sensor/pipeline/record_outlet.h"
#include "sensor/pipeline/record_sequencer.h"

namespace telltale::pipeline {
namespace {

using model::RecordHeader;
using model::RecordKind;

// Frame n is place 2 n, the clock step before it 2 n - 1.
model::Order order_at(std::uint64_t place) {
    return place % 2 == 0 ? model::Order::of_frame(place / 2) : model::Order::of_frame((place + 1) / 2).step_before();
}
std::uint64_t place_of(model::Order order) {
    const std::uint64_t between_frames = model::Order::of_frame(1).value();
    return order.is_clock_step() ? 2 * ((order.value() + 1) / between_frames) - 1 : 2 * order.frame_number();
}

RecordHeader record_of(std::uint64_t place, std::uint8_t flow, std::uint16_t worker = 0,
                       RecordKind kind = RecordKind::flow_delta) {
    RecordHeader header;
    header.kind = kind;
    header.order = order_at(place);
    header.flow.worker = worker;
    header.key.port_a = flow;
    return header;
}

void put(model::RecordBuffer& buffer, const RecordHeader& header) {
    ASSERT_TRUE(model::RecordWriter(buffer, header).commit());
}

// The records that the consumer saw, as text: "place/flow", and "end" for an interval's end.
struct Seen final : RecordConsumer {
    std::vector<std::string> entries;

    void on_record(const model::RecordView& record) override {
        entries.push_back(std::to_string(place_of(record.header().order)) + "/" +
                          std::to_string(record.header().key.port_a));
    }
    void on_interval_end(std::int64_t end_ns) override { entries.push_back("end " + std::to_string(end_ns)); }
};

RecordHeader interval_end(std::uint64_t place, std::uint16_t worker, std::int64_t end_ns) {
    RecordHeader header = record_of(place, 0, worker, RecordKind::interval_end);
    header.time_ns = end_ns;
    return header;
}

TEST(RecordSequencer, SortsAClockStepByFlowAndEndsTheIntervalBehindIt) {
    Seen seen;
    RecordSequencer sequencer(seen, 1);
    model::RecordBuffer buffer(64 * 1024);
    for (const RecordHeader& header : {record_of(2, 9), record_of(3, 5), record_of(3, 2), interval_end(3, 0, 60),
                                       record_of(3, 4), record_of(4, 1)}) {
        put(buffer, header);
    }
    InlineOutlet outlet(sequencer);
    outlet.publish(buffer, order_at(4));
    EXPECT_EQ(seen.entries, (std::vector<std::string>{"2/9", "3/2", "3/4", "3/5", "end 60", "4/1"}));
}

TEST(RecordSequencer, SortsAClockStepByFirstPacketsBehindWhatOpens) {
    Seen seen;
    RecordSequencer sequencer(seen, 1);
    model::RecordBuffer buffer(64 * 1024);
    const auto delta = [&](std::uint8_t flow, std::int64_t first_ns) {
        model::FlowDelta body;
        body.first_ns = first_ns;
        ASSERT_TRUE(model::RecordWriter(buffer, record_of(3, flow)).put_flow_delta(body).commit());
    };
    delta(1, 300);
    delta(9, 100);
    delta(8, 100);
    put(buffer, record_of(3, 7, 0, RecordKind::flow_start));
    delta(7, 50);
    delta(7, 50);
    InlineOutlet outlet(sequencer);
    outlet.publish(buffer, order_at(3));
    sequencer.flush();
    EXPECT_EQ(seen.entries, (std::vector<std::string>{"3/7", "3/7", "3/7", "3/8", "3/9", "3/1"}));
}

TEST(RecordSequencer, AnIntervalEndsOnlyWhenEveryWorkerSaysSo) {
    Seen seen;
    RecordSequencer sequencer(seen, 2);
    model::RecordBuffer buffer(64 * 1024);
    put(buffer, interval_end(3, 0, 60));
    put(buffer, record_of(4, 1));
    put(buffer, interval_end(5, 1, 60));
    put(buffer, record_of(6, 1));
    InlineOutlet outlet(sequencer);
    outlet.publish(buffer, order_at(6));
    EXPECT_EQ(seen.entries, (std::vector<std::string>{"4/1", "end 60", "6/1"}));
}

// The records of a stream of frames with a clock step every 50 frames; flow f belongs to worker f % workers.
std::vector<RecordHeader> stream(std::size_t workers) {
    std::mt19937 random(7);
    std::vector<RecordHeader> records;
    for (std::uint64_t frame = 1; frame <= 2000; ++frame) {
        if (frame % 50 == 0) {
            for (std::uint8_t flow = 0; flow < 40; ++flow) {
                if (random() % 3 == 0) {
                    records.push_back(record_of(2 * frame - 1, flow, static_cast<std::uint16_t>(flow % workers)));
                }
            }
            for (std::size_t worker = 0; worker < workers; ++worker) {
                records.push_back(
                    interval_end(2 * frame - 1, static_cast<std::uint16_t>(worker), static_cast<std::int64_t>(frame)));
            }
        }
        const auto flow = static_cast<std::uint8_t>(random() % 40);
        if (random() % 2 == 0)
            records.push_back(record_of(2 * frame, flow, static_cast<std::uint16_t>(flow % workers)));
    }
    return records;
}

std::vector<std::string> merged(std::size_t workers) {
    Seen seen;
    RecordSequencer sequencer(seen, workers);
    const std::vector<RecordHeader> records = stream(workers);
    std::vector<std::unique_ptr<RingOutlet>> outlets;
    std::vector<RingOutlet*> pointers;
    for (std::size_t i = 0; i < workers; ++i) {
        // Small rings: the producers must meet full ones.
        outlets.push_back(std::make_unique<RingOutlet>(8192, WhenFull::wait));
        pointers.push_back(outlets.back().get());
    }
    const model::Order end = order_at(4000).end();
    std::vector<std::thread> threads;
    for (std::size_t worker = 0; worker < workers; ++worker) {
        threads.emplace_back([&, worker] {
            model::RecordBuffer buffer(16 * 1024);
            for (const RecordHeader& header : records) {
                if (header.flow.worker == worker) put(buffer, header);
                pointers[worker]->publish(buffer, header.order.before());
            }
            pointers[worker]->publish(buffer, end);
        });
    }
    RecordMerge merge(pointers, sequencer);
    while (!merge.drained_to(end)) {
        if (!merge.step()) std::this_thread::yield();
    }
    for (std::thread& thread : threads) thread.join();
    sequencer.flush();
    return seen.entries;
}

TEST(RecordMerge, GivesTheSameOrderForAnyNumberOfWorkers) {
    const std::vector<std::string> one = merged(1);
    EXPECT_GT(one.size(), 1000u);
    EXPECT_EQ(merged(2), one);
    EXPECT_EQ(merged(4), one);
}

TEST(RecordMerge, SettlesOnlyWhenNoWorkerCanSendMoreOfTheFrame) {
    Seen seen;
    RecordSequencer sequencer(seen, 2);
    RingOutlet first(8192, WhenFull::wait), second(8192, WhenFull::wait);
    RecordMerge merge({&first, &second}, sequencer);
    model::RecordBuffer buffer(16 * 1024);
    put(buffer, record_of(4, 1));
    first.publish(buffer, order_at(4).before());
    second.publish(buffer, order_at(8));
    EXPECT_TRUE(merge.step());
    EXPECT_FALSE(merge.settle()) << "the worker may have more of the frame";
    put(buffer, record_of(4, 2));
    first.publish(buffer, order_at(4).before());
    EXPECT_FALSE(merge.settle()) << "more of the frame waits";
    EXPECT_TRUE(merge.step());
    put(buffer, record_of(6, 3));
    first.publish(buffer, order_at(4));
    EXPECT_TRUE(merge.settle()) << "what waits is of the next frame";
    EXPECT_EQ(seen.entries, (std::vector<std::string>{"4/1", "4/2"}));
}

}  // namespace
}  // namespace telltale::pipeline
