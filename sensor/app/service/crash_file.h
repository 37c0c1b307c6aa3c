// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "sensor/base/result.h"
#include "sensor/pipeline/frames_in_hand.h"

namespace telltale::app {

// From now on a crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) leaves the frames that each worker had in hand, one
// worker after the other, in a capture file (pcap with nanoseconds) that `telltale read` replays, and then goes on as
// it would have. The file is made now and empty, readable by its owner alone; it holds packets, so that it is not for
// a site that uses pseudonyms. Once a process; `workers` live until its end. What a crash of another run left in the
// file is kept as FILE.1. A stack that has run out leaves nothing.
base::Status keep_frames_of_a_crash(const std::filesystem::path& file,
                                    const std::vector<const pipeline::FramesInHand*>& workers);

}  // namespace telltale::app
