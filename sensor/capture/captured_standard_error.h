// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace telltale::capture {

// Redirects standard error to memory while it exists, because DPDK and drivers write their first messages there however
// their log is set. For start-up on one thread; bounded.
class CapturedStandardError {
  public:
    CapturedStandardError();
    ~CapturedStandardError() { stop(); }
    CapturedStandardError(const CapturedStandardError&) = delete;
    CapturedStandardError& operator=(const CapturedStandardError&) = delete;

    // Restores standard error. Returns what was written meanwhile.
    std::string stop();

  private:
    static constexpr std::size_t kMostBytes = 64 * 1024;
    int memory_ = -1;
    int saved_ = -1;
};

}  // namespace telltale::capture
