// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace telltale::capture {
class Taps;
}

namespace telltale::pipeline {

// How frames come to workers, and which threads there are.
enum class Threading : std::uint8_t {
    inline_worker,  // one worker on the caller's thread; records are handed over in place, without a ring
    own_source,     // each worker polls a source of its own; one more thread correlates
    dispatched,  // the caller's thread polls the only source and spreads flows over workers; one more thread correlates
};

// Whether a stage waits if the next one has no room.
enum class WhenFull : std::uint8_t {
    wait,  // files: nothing is lost, and results are the same for any number of workers
    drop,  // ports: nobody waits. Frames and observations are dropped and counted; a flow's bytes stay owed
};

// How a pipeline runs. A value.
struct PipelinePolicy {
    Threading threading = Threading::inline_worker;
    WhenFull when_full = WhenFull::wait;
};

PipelinePolicy policy_for_files(std::size_t workers);
PipelinePolicy policy_for(const capture::Taps& taps);

}  // namespace telltale::pipeline
