// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <utility>

#include "sensor/base/result.h"

namespace telltale::exporters::outbox {

// An exclusive lock on FILE.lock (flock(2)), held until it is destroyed or the process ends: one sensor for one outbox.
// The lock file stays.
class FileLock {
  public:
    // The error names the process that holds the lock.
    static base::Result<FileLock> take(const std::filesystem::path& file);

    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~FileLock();

  private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace telltale::exporters::outbox
