// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// Runs `telltale read`: analyses capture files, writes events, observations and the summary. Returns the exit status
// after printing all errors to standard error.
int run_read(const ReadOptions& options);

}  // namespace telltale::app
