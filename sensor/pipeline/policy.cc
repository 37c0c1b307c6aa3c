// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/policy.h"

#include "sensor/capture/taps.h"

namespace telltale::pipeline {

PipelinePolicy policy_for_files(std::size_t workers) {
    return {workers == 1 ? Threading::inline_worker : Threading::dispatched, WhenFull::wait};
}

PipelinePolicy policy_for(const capture::Taps& taps) {
    return {taps.steering() == capture::Steering::dispatcher ? Threading::dispatched : Threading::own_source,
            taps.can_wait() ? WhenFull::wait : WhenFull::drop};
}

}  // namespace telltale::pipeline
