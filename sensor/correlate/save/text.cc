// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/save/text.h"

#include <algorithm>

#include "sensor/correlate/rows/line_writer.h"
#include "sensor/correlate/save/fields.h"
#include "sensor/correlate/save/line_reader.h"

namespace telltale::correlate {

std::string write_state(const SavedState& state) {
    LineWriter writer;
    StateHead head{kStateVersion, state.site, state.segments};
    writer.line("state", head);
    const auto write_all = [&writer](const char* kind, const auto& list) {
        for (auto saved : list) writer.line(kind, saved);
    };
    write_all("device", state.devices);
    write_all("mac", state.macs);
    write_all("address", state.addresses);
    write_all("prefix", state.prefixes);
    write_all("name", state.names);
    write_all("contact", state.contacts);
    write_all("alert", state.alerts);
    std::uint64_t lines = writer.lines();
    writer.begin_line("end");
    writer("lines", lines);
    writer.end_line();
    return writer.str();
}

base::Result<SavedState> read_state(std::string_view text, std::string_view source) {
    LineReader reader;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        ++number;
        const std::string problem = reader.take(text.substr(begin, end - begin));
        if (!problem.empty()) {
            return base::Error{std::string(source) + ":" + std::to_string(number) + ": the saved state's line " +
                               problem};
        }
        begin = end + 1;
    }
    if (!reader.ended()) return base::Error{std::string(source) + ": the saved state is incomplete: it has no end"};
    return std::move(reader.state());
}

base::Result<SavedState> read_rows(const model::ReadRows& read, std::string_view source) {
    LineReader reader;
    std::string problem;
    for (const std::string_view kind : kRowKinds) {
        read(kind, [&](std::string_view line) {
            if (!problem.empty()) return;
            problem = reader.take_row(line);
            if (!problem.empty()) problem = std::string(kind) + " '" + std::string(line) + "' " + problem;
        });
    }
    if (!problem.empty()) return base::Error{std::string(source) + ": the saved row of kind " + problem};
    reader.end_rows();
    return std::move(reader.state());
}

}  // namespace telltale::correlate
