// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "sensor/base/result.h"

namespace telltale::exporters::outbox {

// How a replay went.
struct ReplayOutcome {
    std::size_t replayed = 0;  // they wait again for the reader that had refused them
    std::size_t asked = 0;     // the running sensor has not taken them up yet; it goes on trying
    bool by_sensor = false;    // a running sensor was asked; else it was done here
};

// Puts dead events (DeadRow::number) of an outbox back among what waits: the sensor that runs on the file does it, and
// `patience` is how long this waits for it; without one it is done here. Any process. An error is for the operator.
base::Result<ReplayOutcome> replay_dead(const std::filesystem::path& file, std::span<const std::int64_t> numbers,
                                        std::chrono::milliseconds patience);

}  // namespace telltale::exporters::outbox
