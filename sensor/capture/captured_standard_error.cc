// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/captured_standard_error.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace telltale::capture {

CapturedStandardError::CapturedStandardError() {
    std::fflush(stderr);
    memory_ = memfd_create("telltale-dpdk-log", MFD_CLOEXEC);
    if (memory_ < 0) return;
    saved_ = dup(STDERR_FILENO);
    if (saved_ >= 0) dup2(memory_, STDERR_FILENO);
}

std::string CapturedStandardError::stop() {
    std::string text;
    if (saved_ >= 0) {
        std::fflush(stderr);
        dup2(saved_, STDERR_FILENO);
        close(saved_);
        saved_ = -1;
        std::array<char, 4096> part;
        off_t at = 0;
        for (ssize_t size = 0; text.size() < kMostBytes && (size = pread(memory_, part.data(), part.size(), at)) > 0;
             at += size) {
            text.append(part.data(), static_cast<std::size_t>(size));
        }
    }
    if (memory_ >= 0) close(memory_);
    memory_ = -1;
    return text;
}

}  // namespace telltale::capture
