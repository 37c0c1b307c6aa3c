// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

namespace telltale::correlate {

// Which generation of signatures was the last that a record was matched with, by message. It changes when a bundle is
// activated; the last kMost changes are remembered, longer than any event waits.
class Generations {
  public:
    static constexpr std::size_t kMost = 64;

    // From this message on.
    void note(std::uint64_t sequence, std::uint32_t generation) {
        if (generation == changes_.back().generation) return;
        changes_.push_back({sequence, generation});
        if (changes_.size() > kMost) changes_.pop_front();
    }
    [[nodiscard]] std::uint32_t at(std::uint64_t sequence) const {
        auto change = changes_.rbegin();
        while (change->sequence > sequence && change + 1 != changes_.rend()) ++change;
        return change->generation;
    }

  private:
    struct Change {
        std::uint64_t sequence = 0;
        std::uint32_t generation = 0;
    };
    std::deque<Change> changes_ = {Change{}};
};

}  // namespace telltale::correlate
