// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario/timeline.h"

#include <algorithm>
#include <utility>

namespace telltale::support {
namespace {

// For heaps whose front is the earliest.
constexpr auto kLater = [](const auto& a, const auto& b) {
    return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.sequence > b.sequence;
};

}  // namespace

template <typename Item>
void Timeline::push(std::vector<Timed<Item>>& heap, Timed<Item> timed) {
    heap.push_back(std::move(timed));
    std::push_heap(heap.begin(), heap.end(), kLater);
}

template <typename Item>
Timeline::Timed<Item> Timeline::pop(std::vector<Timed<Item>>& heap) {
    std::pop_heap(heap.begin(), heap.end(), kLater);
    Timed<Item> first = std::move(heap.back());
    heap.pop_back();
    return first;
}

void Timeline::at(std::uint64_t time_ns, Task task) { push(tasks_, {time_ns, sequence_++, std::move(task)}); }

void Timeline::emit(TimedFrame&& frame) {
    ++emitted_;
    const std::uint64_t time_ns = frame.time_ns;
    push(frames_, {time_ns, sequence_++, std::move(frame)});
}

FrameSink Timeline::sink() {
    return [this](TimedFrame&& frame) { emit(std::move(frame)); };
}

void Timeline::flush_before(std::uint64_t time_ns) {
    while (!frames_.empty() && frames_.front().time_ns < time_ns) out_(pop(frames_).item);
}

void Timeline::run() {
    while (!tasks_.empty()) {
        Timed<Task> task = pop(tasks_);
        flush_before(task.time_ns);
        task.item(task.time_ns);
    }
    flush_before(UINT64_MAX);
}

}  // namespace telltale::support
