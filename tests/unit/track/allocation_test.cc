// SPDX-License-Identifier: Apache-2.0
// Nothing is allocated after construction: every operator new of this executable is counted.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>

#include "sensor/track/tracker.h"
#include "tests/unit/track/packets.h"

namespace {
std::uint64_t allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
    ++allocations;
    void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory == nullptr) std::abort();
    return memory;
}
}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t align) { return counted(size, static_cast<std::size_t>(align)); }
void* operator new[](std::size_t size, std::align_val_t align) {
    return counted(size, static_cast<std::size_t>(align));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return counted(size, alignof(std::max_align_t));
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return counted(size, alignof(std::max_align_t));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace telltale::track {
namespace {

TEST(TrackerMemory, NothingIsAllocatedAfterConstruction) {
    TrackerConfig config;
    config.flows = 500;
    config.stream_buffers = 8;
    Tracker tracker(config);
    model::RecordBuffer out(256 * 1024);
    testing::TestPacket made = testing::packet(model::kProtocolTcp, 1);
    const std::array<std::uint8_t, 100> payload{};
    ASSERT_GT(allocations, 0U) << "they are counted";
    const std::uint64_t before = allocations;
    std::int64_t now = testing::kStartNs;
    std::uint64_t frames = 0;
    std::uint64_t buffered = 0;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        now += 10'000'000;
        if (i % 100 == 0) {
            tracker.advance(base::floor_to(now, base::kSecondNs), model::Order::of_frame(frames + 1).step_before());
            while (!tracker.drain(out, 64)) out.clear();
        }
        out.clear();
        made.view.source_port = static_cast<std::uint16_t>(i % 3001);
        made.flags(model::kTcpAck, i * 7).payload(payload).at(++frames, now);
        tracker.prepare({&made.see(), 1});
        model::Direction direction{};
        FlowSlot* flow = tracker.track(made.see(), direction, out);
        if (flow == nullptr) continue;
        StreamState& stream = flow->streams[index_of(direction)];
        if (!tracker.streams().offer(stream, made.see()).empty()) tracker.streams().keep(stream);
        buffered = tracker.stream_counters().messages_buffered;
    }
    while (!tracker.finish(model::Order::of_frame(frames).end(), out)) out.clear();
    EXPECT_EQ(allocations, before);
    EXPECT_GT(tracker.counters().flows_closed_evicted, 0U);
    EXPECT_GT(buffered, 0U);
    EXPECT_EQ(tracker.stream_counters().buffers_taken, 0U);
}

}  // namespace
}  // namespace telltale::track
