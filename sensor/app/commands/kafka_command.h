// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// Runs `telltale kafka topics`: shows the topics that the configuration needs and how they are, or makes those that are
// missing. Returns the exit status: 1 as long as a topic is missing.
int run_kafka(const KafkaOptions& options);

}  // namespace telltale::app
