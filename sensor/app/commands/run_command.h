// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// Runs `telltale run`: the sensor as a service, until SIGTERM or SIGINT; SIGHUP reloads the configuration. Returns the
// exit status.
int run_sensor(const RunOptions& options);

}  // namespace telltale::app
