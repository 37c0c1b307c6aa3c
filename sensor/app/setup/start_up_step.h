// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/spdlog.h>

#include <string_view>

#include "sensor/base/result.h"

namespace telltale::app {

// One step of a command's start, on what the command prepares. A step may need those before it. The error names the
// option or file, and what to do.
template <typename Prepared>
struct StartUpStep {
    std::string_view name;
    base::Status (*run)(Prepared&);
};

// Runs the steps in order, up to the first that fails.
template <typename Prepared, typename Steps>
base::Status start_up(const Steps& steps, Prepared& prepared) {
    for (const StartUpStep<Prepared>& step : steps) {
        spdlog::debug("start: {}", step.name);
        if (base::Status done = step.run(prepared); !done) return done;
    }
    return base::Done{};
}

// A step of every session, as a step of a command that prepares more than that.
template <auto kStep, typename Prepared>
base::Status of_session(Prepared& prepared) {
    return kStep(prepared);
}

}  // namespace telltale::app
