// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// `telltale read`: capture files in, events, observations and the summary out. Returns the exit status; everything that
// went wrong has been said on standard error.
int run_read(const ReadOptions& options);

}  // namespace telltale::app
