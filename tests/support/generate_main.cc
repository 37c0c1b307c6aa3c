// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "tests/support/capture_writer.h"
#include "tests/support/scenario.h"

namespace {

using telltale::support::CaptureOptions;
using telltale::support::CaptureWriter;
using telltale::support::ScenarioInfo;
using telltale::support::TimedFrame;
using telltale::support::Truth;

constexpr int kBadUsage = 2;

struct Arguments {
    std::string scenario;
    std::string format = "pcap";
    std::string output;
    std::string truth_file;
    telltale::support::ScenarioOptions size;
};

std::string scenario_list() {
    std::string text = "Scenarios:\n";
    for (const ScenarioInfo& info : telltale::support::scenarios())
        text += "  " + std::string(info.name) + "\n      " + std::string(info.summary) + "\n";
    return text;
}

std::vector<std::string> scenario_names() {
    std::vector<std::string> names;
    for (const ScenarioInfo& info : telltale::support::scenarios()) names.emplace_back(info.name);
    return names;
}

// CLI11 would parse -3 as a number near 2^64.
std::string whole_number(const std::string& text) {
    constexpr std::size_t kMostDigits = 9;
    const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
    return digits && text.size() <= kMostDigits ? "" : "must be a whole number from 0 to 999999999, not " + text;
}

bool report(const std::string& file, const char* what) {
    std::cerr << "telltale-generate: " << file << ": " << what << '\n';
    return false;
}

bool write_truth(const Arguments& arguments, const Truth& truth) {
    std::ofstream file(arguments.truth_file, std::ios::trunc);
    truth.write_json(file, arguments.scenario, arguments.size.seed);
    file.close();
    return file ? true : report(arguments.truth_file, "cannot be written");
}

bool generate(const Arguments& arguments) {
    std::ofstream file;
    const bool to_stdout = arguments.output == "-";
    if (!to_stdout) {
        file.open(arguments.output, std::ios::binary | std::ios::trunc);
        if (!file) return report(arguments.output, "cannot be opened for writing");
    }
    std::ostream& out = to_stdout ? std::cout : file;
    CaptureOptions options;
    if (arguments.format == "pcapng") options.format = CaptureOptions::Format::pcapng;
    Truth truth;
    CaptureWriter writer(out, options);
    telltale::support::write_scenario(
        arguments.scenario, arguments.size, [&writer](TimedFrame&& frame) { writer.write(frame); }, truth);
    out.flush();
    if (!out) return report(arguments.output, "cannot be written completely");
    return arguments.truth_file.empty() || write_truth(arguments, truth);
}

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    CLI::App app{
        "Writes a capture of a made-up network: valid packets, the same for the same seed, and the results that "
        "a sensor must report."};
    app.footer(scenario_list());
    Arguments arguments;
    app.add_option("--scenario", arguments.scenario, "Kind of traffic")
        ->required()
        ->check(CLI::IsMember(scenario_names()));
    app.add_option("--seed", arguments.size.seed, "Seed of addresses, times and payloads")
        ->check(whole_number)
        ->capture_default_str();
    app.add_option("--packets", arguments.size.packets, "Approximate number of packets; 0: the scenario's own size")
        ->check(whole_number)
        ->capture_default_str();
    app.add_option("--format", arguments.format, "Format of the capture file")
        ->check(CLI::IsMember({"pcap", "pcapng"}))
        ->capture_default_str();
    app.add_option("--truth", arguments.truth_file, "Write the expected results to FILE, as JSON")->type_name("FILE");
    app.add_option("-o,--output", arguments.output, "Capture file, - for standard output")->required();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kBadUsage;
    }
    return generate(arguments) ? 0 : kBadUsage;
}
