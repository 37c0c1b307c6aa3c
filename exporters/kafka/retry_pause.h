// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

#include "exporters/kafka/kafka_config.h"

namespace telltale::kafka {

// A pause that doubles with every take(), up to kMaxRetryPause, until it is reset.
class RetryPause {
  public:
    explicit RetryPause(std::chrono::milliseconds first) : first_(first), next_(first) {}
    std::chrono::milliseconds take() { return std::exchange(next_, std::min(next_ * 2, kMaxRetryPause)); }
    void reset() { next_ = first_; }

  private:
    std::chrono::milliseconds first_;
    std::chrono::milliseconds next_;
};

}  // namespace telltale::kafka
