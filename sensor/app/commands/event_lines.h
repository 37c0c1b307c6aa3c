// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "exporters/envelope.h"
#include "sensor/app/commands/command_line.h"

namespace telltale::app {

// Shows kept events on standard output, one per line. Remembers whether writing failed.
class EventLines {
  public:
    explicit EventLines(EventsOptions::Format format) : format_(format) {}

    void show(const exporters::Envelope& envelope);
    void put(const std::string& text);
    // Returns whether everything was written.
    bool flush();
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool json() const { return format_ == EventsOptions::Format::json; }

  private:
    const EventsOptions::Format format_;
    bool failed_ = false;
};

// One line of a table: time, dataset and message.
std::string event_line(const exporters::Envelope& envelope);

}  // namespace telltale::app
