// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

namespace telltale::correlate {

// Which generation of signatures was the last that a record was matched with, by frame. It changes when a bundle is
// activated, which is seldom; a change is remembered until a frame behind it has been asked for.
class Generations {
  public:
    // From this frame on. Frames ascend.
    void note(std::uint64_t frame, std::uint32_t generation) {
        if (generation == changes_.back().generation) return;
        changes_.push_back({frame, generation});
    }
    // Frames ascend from call to call.
    [[nodiscard]] std::uint32_t at(std::uint64_t frame) {
        while (changes_.size() > 1 && changes_[1].frame <= frame) changes_.pop_front();
        return changes_.front().generation;
    }

  private:
    struct Change {
        std::uint64_t frame = 0;
        std::uint32_t generation = 0;
    };
    std::deque<Change> changes_ = {Change{}};
};

}  // namespace telltale::correlate
