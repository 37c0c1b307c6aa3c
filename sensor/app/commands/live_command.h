// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// Runs `telltale live`: analyses frames of a network interface until SIGINT, SIGTERM or the time limit; writes events,
// observations and the summary as for a capture file. Returns the exit status after printing all errors to standard
// error. A second signal ends the program at once.
int run_live(const LiveOptions& options);

}  // namespace telltale::app
