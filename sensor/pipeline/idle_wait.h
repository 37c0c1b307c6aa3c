// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

namespace telltale::pipeline {

// Waits for another thread without a lock: yields the core a few times, then sleeps, so that two cores can carry more
// threads than two.
class IdleWait {
  public:
    void wait() {
        ++turns_;
        if (turns_ <= kYields) {
            std::this_thread::yield();
        } else {
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
    }
    void reset() { turns_ = 0; }

  private:
    static constexpr int kYields = 16;
    int turns_ = 0;
};

}  // namespace telltale::pipeline
