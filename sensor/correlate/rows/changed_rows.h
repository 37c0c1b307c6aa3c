// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <limits>
#include <utility>

namespace telltale::correlate {

// Things that have changed since they were last written, each once, the longest ago first. `Key` finds the thing again;
// the thing has a flag that says that it is in here. Where nobody keeps rows nothing is noted. Bounded: what
// finds no room is not noted, and written when it changes again. Single-threaded.
template <typename Key>
class ChangedRows {
  public:
    // `most`: for things that come and go; those that stay are bounded by their flags.
    explicit ChangedRows(bool kept, std::size_t most = std::numeric_limits<std::size_t>::max())
        : kept_(kept), most_(most) {}

    [[nodiscard]] bool kept() const { return kept_; }

    void note(bool& noted, const Key& key) {
        if (!kept_ || noted || keys_.size() >= most_) return;
        noted = true;
        keys_.push_back(key);
    }
    // Calls write(key), which clears the flag and returns whether more is wanted. Returns whether it was each time.
    template <typename Write>
    bool write(Write&& write) {
        while (!keys_.empty()) {
            const Key key = std::move(keys_.front());
            keys_.pop_front();
            if (!write(key)) return false;
        }
        return true;
    }

  private:
    const bool kept_;
    const std::size_t most_;
    std::deque<Key> keys_;
};

}  // namespace telltale::correlate
