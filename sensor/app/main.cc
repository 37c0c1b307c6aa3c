// SPDX-License-Identifier: Apache-2.0
#include <variant>

#include "sensor/app/check_command.h"
#include "sensor/app/command_line.h"
#include "sensor/app/read_command.h"

int main(int argc, char** argv) {
    using namespace telltale::app;
    const CommandLine command = parse_command_line(argc, argv);
    if (const int* status = std::get_if<int>(&command)) return *status;
    if (const auto* check = std::get_if<CheckOptions>(&command)) return run_check(*check);
    return run_read(std::get<ReadOptions>(command));
}
