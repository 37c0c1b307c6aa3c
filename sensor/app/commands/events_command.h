// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// Shows events of an outbox, what it refused, or its figures. Returns the exit status.
int run_events(const EventsOptions& options);

}  // namespace telltale::app
