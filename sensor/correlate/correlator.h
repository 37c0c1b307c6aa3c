// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sensor/base/result.h"
#include "sensor/correlate/config.h"
#include "sensor/correlate/counters.h"
#include "sensor/model/event.h"
#include "sensor/model/record.h"
#include "sensor/model/state_row.h"

namespace telltale::signatures {
struct Bundle;
class OuiRegistry;
}  // namespace telltale::signatures

namespace telltale::correlate {

// Turns records into events, in two halves: who is behind a record (who/), and what is made of it, by device: identity,
// owners of destinations, bytes, contacts, policies (what/). Called by one thread, on which the sink is called, too.
// Owns all of its state; keeps the bundle alive; the registry must outlive it.
//
// The result depends on the records alone, not on how many workers made them, if the caller keeps this order:
//  - records come in an order that does not depend on the number of workers, flow_start before all others of its flow;
//  - close_interval(end) comes when every worker has sent its interval_end for `end`: after all deltas of that interval
//    and before the records of packets at or after `end`;
//  - workers may suppress repeats of sender, arp and ndp, which change nothing, but not the first one. They do not
//    suppress dns, tls and http: each may name a flow of its own.
class Correlator {
  public:
    Correlator(CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
               const signatures::OuiRegistry* registry, model::EventSink sink);
    ~Correlator();
    Correlator(const Correlator&) = delete;
    Correlator& operator=(const Correlator&) = delete;

    void on_record(const model::RecordView& record);
    // Optional, for speed: the record will come soon. Fetches its flow into the cache.
    void expect(const model::RecordView& record);

    // Between frames, about once per second, so that events leave while nothing arrives: reports what waits for the end
    // of its frame, which the next record would end. With several threads what they have done by then is reported now,
    // the rest by a later call.
    void flush();

    // Reports the ledger's rows of all intervals that start before `end_ns`, and alerts whose count grew.
    void close_interval(std::int64_t end_ns);

    // The end of the input at packet time `time_ns`: reports what is left, as final.
    void finish(std::int64_t time_ns);

    // Returns the knowledge for the next run's restore(): devices, what binds them, DNS answers, contacts, open alerts.
    // Between frames: reports what waits first.
    [[nodiscard]] std::string save();
    // With CorrelateConfig::keep_rows, between frames: hands what has changed since it was handed on last to `take`,
    // until that wants no more: the devices that events name have gone with the events. Returns whether that was all.
    bool write_changes(const model::TakeRow& take);
    // Lets write_changes() hand on everything.
    void note_all();
    // Restores rows; before the first record. `source` is for the message. After an error nothing is restored.
    base::Status restore_rows(const model::ReadRows& read, std::string_view source);
    // Restores what save() returned; before the first record. `source` is for the message. After an error nothing is
    // restored: the text is damaged, or from another site key or other segments.
    base::Status restore(std::string_view saved, std::string_view source);

    // Between frames: changes CorrelateConfig::alert_update_ns.
    void set_alert_update(std::int64_t update_ns);

    [[nodiscard]] Counters counters() const;

  private:
    class Halves;
    std::unique_ptr<Halves> halves_;
};

}  // namespace telltale::correlate
