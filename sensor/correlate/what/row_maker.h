// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sensor/correlate/what/alert_book.h"
#include "sensor/correlate/what/contacts.h"
#include "sensor/correlate/what/dns_names.h"
#include "sensor/correlate/what/kept.h"
#include "sensor/correlate/what/name_table.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

class RowWriter;

// Makes what the next run needs of a partition's tables: plain data, or rows. The row that says that something was
// reported goes with the event that reports it, so that a store keeps both or neither. Single-threaded.
class RowMaker {
  public:
    // `keep_rows`: rows go with events.
    RowMaker(bool keep_rows, const signatures::Bundle& bundle, const NameTable& names)
        : keep_rows_(keep_rows), bundle_(bundle), names_(names) {}

    // Adds the row that holds once the event is stored.
    void report(Profile& profile, model::Event& event) const;
    void report(const Profile& profile, const Contact& contact, model::Event& event) const;
    void report(const Profile& profile, AlertBook::Open& open, model::Event& event) const;

    // Each writes a row, and returns whether more are wanted.
    bool write(const Profile& profile, const Contact& contact, RowWriter& rows) const;
    bool write(const Profile& profile, const AlertBook::Open& open, RowWriter& rows) const;
    // `answer` may be null: the name is forgotten.
    bool write(const Profile& profile, const model::IpAddress& address, const DnsNames::Answer* answer,
               RowWriter& rows) const;
    static bool write_report(const Profile& profile, RowWriter& rows);
    static bool write_evidence(const Profile& profile, RowWriter& rows);

    static KeptProfile kept(const Profile& profile);
    [[nodiscard]] KeptContact kept(const Contact& contact) const;
    [[nodiscard]] KeptAlert kept(const AlertBook::Open& open) const;
    [[nodiscard]] KeptName kept(const DnsNames::Answer& answer, DeviceIndex device) const;

  private:
    [[nodiscard]] KeptFlow kept(const FlowState& flow) const;
    template <typename Write>
    void attach(model::Event& event, Write&& write) const;

    const bool keep_rows_;
    const signatures::Bundle& bundle_;
    const NameTable& names_;
};

}  // namespace telltale::correlate
