// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "sensor/correlate/what/destinations.h"
#include "sensor/correlate/what/device_reports.h"
#include "sensor/correlate/what/event_outlet.h"
#include "sensor/correlate/what/event_parts.h"
#include "sensor/correlate/what/identification.h"
#include "sensor/correlate/what/kept.h"
#include "sensor/correlate/what/matched.h"
#include "sensor/correlate/what/name_table.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/correlate/what/row_maker.h"
#include "sensor/correlate/what/watch.h"
#include "sensor/correlate/who/counter_parts.h"
#include "sensor/correlate/who/receiver.h"
#include "signatures/bundle.h"
#include "signatures/oui_registry.h"

namespace telltale::correlate {

class BundleIds;
class RowWriter;

// The counters of all parts of a partition.
using WhatParts = CounterParts<NameTableCounters, DnsNamesCounters, EvidenceCounters, MatchedCounters, ContactsCounters,
                               LedgerCounters, AlertBookCounters, DestinationsCounters>;
// The same, and how the flows ended. A value.
struct WhatCounters : WhatParts, FlowOutcomes {
    void add(const WhatCounters& one) {
        WhatParts::add(one);
        FlowOutcomes::add(one);
    }
};

// The second half of correlating, for a part of the devices: what they are, where their flows go, and what is reported.
// Everything about a device depends on the messages about that device alone, as long as no table is full: any number of
// partitions gives the same events. Single-threaded.
class Partition final : public Receiver {
  public:
    // Caps are those of this partition.
    struct Config {
        std::size_t number = 0;
        std::size_t partitions = 1;
        std::size_t max_names = 262'144;
        bool keep_rows = false;  // somebody calls write_changes()
        Identification::Config identification;
        Destinations::Config destinations;
        Watch::Config watch;
    };

    Partition(const Config& config, std::shared_ptr<const signatures::Bundle> bundle,
              const signatures::OuiRegistry* registry, PlacedSink sink);

    void on_change(const Moment& at, const DeviceChange& change) override;
    void on_flow(const Moment& at, const FlowOpened& opened) override;
    void on_record(const Moment& at, const Seen& seen, const model::RecordView& record) override;
    void expect(DeviceIndex, FlowIndex flow) const override { destinations_.prefetch(flow); }

    // All that the frame in hand said is reported. The next message does it, too, if it is of another frame.
    void end_frame();
    // Reports the ledger's rows of intervals that start before `at`, and alerts whose count grew. `last`: the input is
    // over, all rows are final.
    void close_interval(const Moment& at, bool last);

    void set_alert_update(std::int64_t update_ns) { watch_.alerts().set_update(update_ns); }
    [[nodiscard]] WhatCounters counters() const;

    // Adds its part to what the next run needs: `kept` has room for all profiles.
    void save(KeptWhat& kept) const;
    // Writes the rows that have changed since they were written last, until no more are wanted. Returns whether that
    // was all. Those that say that something was reported go with the event.
    bool write_changes(RowWriter& rows);
    // Lets write_changes() write all rows.
    void note_all();
    // Takes its part. `devices` are those that found room.
    void restore(const KeptWhat& kept, const std::vector<const Device*>& devices, const BundleIds& ids);

  private:
    void begin(const Moment& at);
    void add(const Moment& at, const DeviceChange& change);
    void take(const Moment& at, Profile& profile, const DeviceChange& change);
    void note_application(FlowState& flow, Application said);
    void note_seen(Profile& profile);
    [[nodiscard]] const Profile& profile_at(std::size_t place) const { return profiles_[profiles_.device_at(place)]; }

    const Config config_;
    const std::shared_ptr<const signatures::Bundle> bundle_;
    EventOutlet outlet_;
    NameTable names_;
    Matched matched_;
    Profiles profiles_;
    EventParts parts_;
    RowMaker rows_;
    DeviceReports reports_;
    Watch watch_;
    Identification identification_;
    Destinations destinations_;
    ChangedRows<Profile*> seen_;
    Moment now_;  // of the message in hand
};

}  // namespace telltale::correlate
