// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// `telltale run`: the sensor as a service, until SIGTERM or SIGINT; SIGHUP reads the configuration again. Returns the
// exit status.
int run_sensor(const RunOptions& options);

}  // namespace telltale::app
