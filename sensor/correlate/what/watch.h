// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sensor/correlate/what/alert_book.h"
#include "sensor/correlate/what/contacts.h"
#include "sensor/correlate/what/device_reports.h"
#include "sensor/correlate/what/event_outlet.h"
#include "sensor/correlate/what/event_parts.h"
#include "sensor/correlate/what/flows.h"
#include "sensor/correlate/what/policies.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/correlate/what/row_maker.h"

namespace telltale::correlate {

// Watches for what the organisation wants to know: a device's first contact with a destination, and policies that hold,
// whether the flow or the device's identity is known later. Single-threaded.
class Watch {
  public:
    struct Config {
        double identified_confidence = kIdentifiedConfidence;
        Contacts::Config contacts;
        AlertBook::Config alerts;
    };

    Watch(Config config, const signatures::Bundle& bundle, Profiles& profiles, const EventParts& parts,
          const RowMaker& rows, DeviceReports& reports, EventOutlet& outlet);

    // A flow's destination is decided, or decided anew.
    void meet(Profile& profile, const FlowState& flow, const Moment& at);
    // The device's identity has changed: policies may hold for what it met before.
    void review(Profile& profile, const KnownIdentity& before, const KnownIdentity& now, const Moment& at);
    // At an interval's end.
    void update_alerts(const Moment& at, bool last) { alerts_.update(at, last, profiles_); }

    [[nodiscard]] Contacts& contacts() { return contacts_; }
    [[nodiscard]] const Contacts& contacts() const { return contacts_; }
    [[nodiscard]] AlertBook& alerts() { return alerts_; }
    [[nodiscard]] const AlertBook& alerts() const { return alerts_; }

  private:
    void report_contact(Profile& profile, const FlowState& flow, const Moment& at);
    void raise(std::size_t policy, Profile& profile, const FlowState& flow, std::uint64_t flows, const Moment& at);

    const double identified_confidence_;
    Profiles& profiles_;
    const EventParts& parts_;
    const RowMaker& rows_;
    DeviceReports& reports_;
    EventOutlet& outlet_;
    Contacts contacts_;
    Policies policies_;
    AlertBook alerts_;
};

}  // namespace telltale::correlate
