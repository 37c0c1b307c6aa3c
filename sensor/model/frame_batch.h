// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "sensor/model/frame.h"

namespace telltale::model {

// Up to kBatchFrames frames that one worker handles in one turn. All of them belong to the same second of the source's
// clock: a source ends a batch where the clock enters another second, so that timers and intervals fall between the
// same two frames whatever the number of workers. Sources fill it with borrowed frames; where frames change threads
// their bytes are copied into the batch's own storage, which is allocated once.
class FrameBatch {
  public:
    // `storage_bytes` 0 for borrowed frames.
    explicit FrameBatch(std::size_t storage_bytes = 0)
        : capacity_(storage_bytes), storage_(storage_bytes == 0 ? nullptr : new std::uint8_t[storage_bytes]) {}

    [[nodiscard]] bool full() const { return count == kBatchFrames; }
    [[nodiscard]] bool fits(std::size_t bytes) const { return !full() && bytes <= capacity_ - used_; }

    // Takes a frame that is borrowed elsewhere.
    Frame& add(const Frame& frame) { return frames[count++] = frame; }
    // Takes a frame with a copy of its bytes; only when fits(frame.captured_length).
    void add_copy(const Frame& frame) {
        std::uint8_t* place = storage_.get() + used_;
        if (frame.captured_length != 0) std::memcpy(place, frame.data, frame.captured_length);
        used_ += (std::size_t{frame.captured_length} + 7) & ~std::size_t{7};
        if (used_ > capacity_) used_ = capacity_;
        frames[count] = frame;
        frames[count].data = place;
        ++count;
    }
    // Takes the frames of a batch that borrows them elsewhere, with its clock, and empties it.
    void take_over(FrameBatch& other) {
        std::copy_n(other.frames.begin(), other.count, frames.begin());
        count = other.count;
        clock_ns = other.clock_ns;
        done = other.done;
        other.clear();
    }
    void clear() {
        count = 0;
        used_ = 0;
    }

    std::array<Frame, kBatchFrames> frames;
    std::size_t count = 0;
    std::int64_t clock_ns = 0;  // the second (base::floor_to) of the source's clock that the frames belong to
    Order done;                 // of an empty batch from a port: no more frames come up to here. The clock is set, too

  private:
    std::size_t capacity_;
    std::size_t used_ = 0;
    std::unique_ptr<std::uint8_t[]> storage_;
};

// Enough for the longest frame of a classic capture file (262,144 bytes) and for a full batch of ordinary ones; longer
// ones are cut to it.
inline constexpr std::size_t kFileBatchBytes = 512 * 1024;

}  // namespace telltale::model
