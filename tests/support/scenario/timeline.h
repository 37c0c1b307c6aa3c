// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tests/support/tcp_conversation.h"

namespace telltale::support {

// Runs tasks in order of time and passes the frames that they emit to a sink in order of time. A task may emit frames
// only at or after its own time, so that few frames are held however long the scenario is. Ties keep the order of the
// calls. Single-threaded.
class Timeline {
  public:
    using Task = std::function<void(std::uint64_t now_ns)>;

    explicit Timeline(FrameSink out) : out_(std::move(out)) {}

    void at(std::uint64_t time_ns, Task task);
    void emit(TimedFrame&& frame);
    FrameSink sink();
    void run();
    std::uint64_t emitted() const { return emitted_; }

  private:
    template <typename Item>
    struct Timed {
        std::uint64_t time_ns;
        std::uint64_t sequence;
        Item item;
    };
    template <typename Item>
    static void push(std::vector<Timed<Item>>& heap, Timed<Item> timed);
    template <typename Item>
    static Timed<Item> pop(std::vector<Timed<Item>>& heap);
    void flush_before(std::uint64_t time_ns);

    FrameSink out_;
    std::vector<Timed<Task>> tasks_;
    std::vector<Timed<TimedFrame>> frames_;
    std::uint64_t sequence_ = 0;
    std::uint64_t emitted_ = 0;
};

}  // namespace telltale::support
