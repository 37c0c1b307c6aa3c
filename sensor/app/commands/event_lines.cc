// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/commands/event_lines.h"

#include <fmt/format.h>

#include <cstdio>

#include "sensor/app/setup/utc_text.h"
#include "sensor/app/summary/text_table.h"

namespace telltale::app {

std::string event_line(const exporters::Envelope& envelope) {
    std::string_view dataset = to_string(envelope.dataset);
    dataset.remove_prefix(dataset.find('.') + 1);
    return fmt::format("{}  {:<11}  {}\n", utc_text(envelope.created_ns), dataset,
                       shown(exporters::outbox::text_of(envelope.json, "message")));
}

void EventLines::show(const exporters::Envelope& envelope) {
    put(json() ? envelope.json + "\n" : event_line(envelope));
}

void EventLines::put(const std::string& text) {
    failed_ |= std::fwrite(text.data(), 1, text.size(), stdout) != text.size();
}

bool EventLines::flush() {
    failed_ |= std::fflush(stdout) != 0;
    return !failed_;
}

}  // namespace telltale::app
