// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// Runs `telltale check`: checks a configuration with the site key and the signatures that it names, or prints the
// sample or the reference. Answers go to standard output, problems to standard error. Writes no file. Returns the exit
// status.
int run_check(const CheckOptions& options);

}  // namespace telltale::app
