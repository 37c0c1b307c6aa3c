// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <utility>

namespace telltale::correlate {

// Things that have changed since they were last written, each once, the longest ago first. `Key` finds the thing again;
// the thing has a flag that says that it is in here. Where nobody keeps rows nothing is noted. Single-threaded.
template <typename Key>
class ChangedRows {
  public:
    explicit ChangedRows(bool kept) : kept_(kept) {}

    [[nodiscard]] bool kept() const { return kept_; }

    void note(bool& noted, const Key& key) {
        if (!kept_ || noted) return;
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
    std::deque<Key> keys_;
};

}  // namespace telltale::correlate
