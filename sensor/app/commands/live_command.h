// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// `telltale live`: frames of a network interface in, until SIGINT, SIGTERM or the time that was asked for; events,
// observations and the summary out, as of a capture file. Returns the exit status; everything that went wrong has been
// said on standard error. A second signal ends the program at once.
int run_live(const LiveOptions& options);

}  // namespace telltale::app
