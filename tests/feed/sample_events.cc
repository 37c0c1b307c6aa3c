// SPDX-License-Identifier: Apache-2.0
// Prints one event of every dataset with every field set, one with as few as it can have, and one for every word of the
// closed lists, as JSON Lines: what no capture of the tests contains.
#include "tests/unit/exporters/sample_events.h"

#include <cstdint>
#include <iostream>
#include <string>

#include "exporters/ecs/json_format.h"

using namespace telltale;

namespace {

class Printer {
  public:
    void print(const model::Event& event) {
        line_.clear();
        format_.render(event, ++sequence_, line_);
        std::cout << line_ << '\n';
    }

  private:
    ecs::JsonFormat format_{samples::observer()};
    std::uint64_t sequence_ = 0;
    std::string line_;
};

void print_words(Printer& printer) {
    for (const auto method : base::enumerators<model::AttributionMethod>()) {
        model::Event event = samples::destination_event();
        event.destination.edit().method = method;
        printer.print(event);
    }
    for (const auto cause : base::enumerators<model::UnattributedCause>()) {
        model::Event event = samples::transfer_event();
        event.destination.edit().cause = cause;
        event.transfer.edit().unattributed = {{cause, 1, 1}};
        printer.print(event);
    }
    for (const auto state : base::enumerators<model::AlertState>()) {
        model::Event event = samples::alert_event();
        event.alert.edit().state = state;
        printer.print(event);
    }
    for (const auto severity : base::enumerators<model::Severity>()) {
        model::Event event = samples::alert_event();
        event.alert.edit().severity = severity;
        printer.print(event);
    }
    for (int protocol = 0; protocol < 256; ++protocol) {
        model::Event event = samples::destination_event();
        event.flow.edit().protocol = static_cast<std::uint8_t>(protocol);
        printer.print(event);
    }
    for (const auto action : base::enumerators<model::EventAction>()) {
        for (model::Event event : samples::all_datasets()) {
            if (event.dataset() != model::kDatasetOf[action] || event.alert) continue;
            event.action = action;
            printer.print(event);
        }
    }
}

}  // namespace

int main() {
    Printer printer;
    for (const model::Event& event : samples::all_datasets()) printer.print(event);
    for (const model::Event& event : samples::least_of_all_datasets()) printer.print(event);
    print_words(printer);
    return 0;
}
