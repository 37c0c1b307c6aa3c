// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace telltale::capture {

// While it lives, standard error goes to memory: DPDK's first messages, and those of drivers, go there whatever its log
// is set to. For start-up on one thread; bounded.
class CapturedStandardError {
  public:
    CapturedStandardError();
    ~CapturedStandardError() { stop(); }
    CapturedStandardError(const CapturedStandardError&) = delete;
    CapturedStandardError& operator=(const CapturedStandardError&) = delete;

    // Gives standard error back; what was written meanwhile.
    std::string stop();

  private:
    static constexpr std::size_t kMostBytes = 64 * 1024;
    int memory_ = -1;
    int saved_ = -1;
};

}  // namespace telltale::capture
