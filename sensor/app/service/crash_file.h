// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/pipeline/frames_in_hand.h"

namespace telltale::app {

// Installs handlers that write the frames being analysed at a crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT), worker
// by worker, to a capture file (pcap with nanoseconds) for `telltale read`; the signal then takes its course. The file
// is created empty now, readable only by its owner; it contains packets, so a site that uses pseudonyms must not use
// it. Once per process; `workers` live until its end. Frames of an earlier crash are kept as FILE.1. A stack overflow
// writes nothing.
base::Status keep_frames_of_a_crash(const std::filesystem::path& file,
                                    const std::vector<const pipeline::FramesInHand*>& workers);

}  // namespace telltale::app
