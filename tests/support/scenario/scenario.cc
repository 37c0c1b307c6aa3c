// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario.h"

#include <array>
#include <stdexcept>
#include <string>

#include "tests/support/scenario/scenario_parts.h"

namespace telltale::support {
namespace {

constexpr std::array kScenarios{
    ScenarioInfo{"office-day",
                 "08:00-20:00 of a small network: phones of six kinds, laptops, a camera, a printer, and "
                 "the first boot of a 2014 phone that sends IMEI and number in clear (40,000 packets)"},
    ScenarioInfo{"handshake-poor",
                 "few long bulk flows: fewer than 0.5 % of the packets carry a hello (200,000 packets)"},
    ScenarioInfo{"hello-rich",
                 "very many short flows of many devices, each with DNS and a TLS hello or an HTTP request "
                 "(200,000 packets)"},
};

}  // namespace

std::span<const ScenarioInfo> scenarios() { return kScenarios; }

void write_scenario(std::string_view name, const ScenarioOptions& options, const FrameSink& out, Truth& truth) {
    Timeline timeline([&](TimedFrame&& frame) {
        truth.count(frame);
        out(std::move(frame));
    });
    if (name == "office-day") {
        run_office_day(timeline, truth, options);
    } else if (name == "handshake-poor") {
        run_handshake_poor(timeline, truth, options);
    } else if (name == "hello-rich") {
        run_hello_rich(timeline, truth, options);
    } else {
        throw std::invalid_argument("no scenario is called " + std::string(name));
    }
}

}  // namespace telltale::support
