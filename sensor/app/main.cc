// SPDX-License-Identifier: Apache-2.0
#include <variant>

#include "sensor/app/commands/check_command.h"
#include "sensor/app/commands/command_line.h"
#include "sensor/app/commands/events_command.h"
#include "sensor/app/commands/kafka_command.h"
#include "sensor/app/commands/live_command.h"
#include "sensor/app/commands/read_command.h"
#include "sensor/app/commands/run_command.h"
#include "sensor/app/setup/heap.h"

int main(int argc, char** argv) {
    using namespace telltale::app;
    const CommandLine command = parse_command_line(argc, argv);
    if (const int* status = std::get_if<int>(&command)) return *status;
    prepare_heap();
    if (const auto* check = std::get_if<CheckOptions>(&command)) return run_check(*check);
    if (const auto* events = std::get_if<EventsOptions>(&command)) return run_events(*events);
    if (const auto* kafka = std::get_if<KafkaOptions>(&command)) return run_kafka(*kafka);
    if (const auto* live = std::get_if<LiveOptions>(&command)) return run_live(*live);
    if (const auto* service = std::get_if<RunOptions>(&command)) return run_sensor(*service);
    return run_read(std::get<ReadOptions>(command));
}
