// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>

#include "sensor/base/counters.h"
#include "sensor/base/keyed_hash.h"
#include "sensor/correlate/rows/changed_rows.h"
#include "sensor/correlate/what/event_outlet.h"
#include "sensor/correlate/what/event_parts.h"
#include "sensor/correlate/what/flows.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

class RowMaker;

#define TELLTALE_ALERT_BOOK_COUNTERS(X)                                                   \
    X(alerts, counter, "Alerts that were opened")                                         \
    X(alerts_suppressed, counter, "Flows that met a policy whose alert was open already") \
    X(alerts_over_limit, counter, "Alerts that found no room and were not raised")

// Counted by the AlertBook.
struct AlertBookCounters {
    TELLTALE_COUNTERS(AlertBookCounters, TELLTALE_ALERT_BOOK_COUNTERS)
};

// Returns the time by which the sensor's own periods run; several threads.
using PeriodClock = std::function<std::int64_t(std::int64_t packet_ns)>;

// The open alerts: one for a policy, a device, an owner and a category; where the owner is not known, one for the name
// or address. It is reported when it opens; later flows are counted, and reported at an interval's end at most every
// Config::update_ns, and at the end of the input. Its id is keyed by the site and the same in the next run.
class AlertBook {
  public:
    struct Config {
        std::string site_key;
        std::int64_t update_ns = 600'000'000'000;  // an open alert whose count grows says so at most this often
        std::size_t max_open = 65'536;
        // The clock of these periods, given the packet time. Empty: packet time. Where packets come live a clock that
        // nobody sets: else a wall clock that is set back would keep alerts silent, and one set forward repeat them.
        PeriodClock period_clock;
        bool keep_rows = false;  // somebody writes changed()
    };

    AlertBook(Config config, const signatures::Bundle& bundle, const EventParts& parts, const RowMaker& rows,
              EventOutlet& outlet);

    // The policy held for `flows` flows like this one.
    void raise(std::size_t policy, const Profile& profile, const FlowState& flow, std::uint64_t flows,
               const Moment& at);
    // At an interval's end.
    void update(const Moment& at, bool last, const Profiles& profiles);
    void set_update(std::int64_t update_ns) { config_.update_ns = update_ns; }

    struct Open {
        model::Alert alert;
        DeviceIndex device = kNoDevice;
        FlowState flow;  // the one that opened it
        std::uint64_t told_count = 0;
        std::int64_t told_ns = 0;    // by the clock of the periods
        std::uint64_t sequence = 0;  // of the message that opened it
        bool noted = false;          // in the list of changed rows
    };
    [[nodiscard]] const std::deque<Open>& all() const { return open_; }  // in the order of opening
    // An alert of an earlier run. False if the bundle does not have its policy any more, or there is no room.
    bool restore(Open open);
    // Those whose count has grown.
    ChangedRows<Open*>& changed() { return changed_; }
    void note_all() {
        for (Open& open : open_) changed_.note(open.noted, &open);
    }
    [[nodiscard]] const AlertBookCounters& counters() const { return counters_; }

  private:
    struct Key {
        std::uint32_t policy;
        DeviceIndex device;
        OwnerIndex owner;
        std::uint32_t category;
        NameId name;
        std::array<std::uint8_t, 16> address;
        bool operator==(const Key&) const = default;
    };

    [[nodiscard]] std::int64_t period_ns(std::int64_t packet_ns) const {
        return config_.period_clock ? config_.period_clock(packet_ns) : packet_ns;
    }
    static Key key_of(std::size_t policy, DeviceIndex device, const FlowState& flow);
    model::Event tell(Open& open, const Profile& profile, std::int64_t time_ns);

    Config config_;
    const signatures::Bundle& bundle_;
    const EventParts& parts_;
    const RowMaker& rows_;
    EventOutlet& outlet_;
    AlertBookCounters counters_;
    ChangedRows<Open*> changed_;
    std::deque<Open> open_;  // in the order of opening
    std::unordered_map<Key, Open*, base::PackedHash<Key>> by_key_;
};

}  // namespace telltale::correlate
