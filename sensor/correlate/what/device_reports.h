// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/correlate/what/event_outlet.h"
#include "sensor/correlate/what/event_parts.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/correlate/what/row_maker.h"

namespace telltale::correlate {

// Reports devices: first seen; identified, when a maker, system or class is known for the first time; changed, when one
// of these becomes another, or a name, model or address is added. Changes are gathered, so that what one frame says of
// a device is one event; the first event of a device says all that is known.
class DeviceReports {
  public:
    // `identified_confidence`: from here on a maker, system or class counts as known.
    DeviceReports(double identified_confidence, const EventParts& parts, const RowMaker& rows, EventOutlet& outlet)
        : identified_confidence_(identified_confidence), parts_(parts), rows_(rows), outlet_(outlet) {}

    // The device is new, or its identity may have changed, by the message `sequence`.
    void note(Profile& profile, std::uint64_t sequence);
    // A change as a part of a sentence, "new address 10.0.0.5": made only where it will be reported.
    template <typename MakeChange>
    void note(Profile& profile, std::uint64_t sequence, MakeChange&& make_change) {
        note(profile, sequence);
        Profile::Reported& reported = profile.reported;
        if (reported.announced && reported.changes.size() < kMaxChanges) reported.changes.push_back(make_change());
    }

    // Reports what was noted of this device, before another event about it.
    void flush(Profile& profile, std::int64_t time_ns);
    // Reports what was noted of any device, at the frame's end.
    void flush_all(std::int64_t time_ns);

  private:
    static constexpr std::size_t kMaxChanges = 16;  // per event: its device part holds the result anyway

    void report(Profile& profile, std::int64_t time_ns);
    void emit(model::EventAction action, std::string message, Profile& profile, std::int64_t time_ns);

    const double identified_confidence_;
    const EventParts& parts_;
    const RowMaker& rows_;
    EventOutlet& outlet_;
    std::vector<Profile*> pending_;
};

}  // namespace telltale::correlate
