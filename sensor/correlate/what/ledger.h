// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <string_view>

#include "sensor/base/counters.h"
#include "sensor/base/keyed_hash.h"
#include "sensor/base/stable_map.h"
#include "sensor/correlate/what/attribution.h"
#include "sensor/correlate/what/flows.h"
#include "sensor/model/event.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

#define TELLTALE_LEDGER_COUNTERS(X)                                                                         \
    X(flows_late, counter, "Flows that were named after bytes of theirs had been reported as unattributed") \
    X(ledger_rows, counter, "Ledger rows that were reported")                                               \
    X(ledger_rows_folded, counter,                                                                          \
      "Reports of a flow's bytes that went to a row without device because the ledger was full")            \
    X(bytes, counter, "IP bytes of flows that were entered in the ledger")

// Counted by the Ledger.
struct LedgerCounters {
    TELLTALE_COUNTERS(LedgerCounters, TELLTALE_LEDGER_COUNTERS)
};

// The bytes of devices to owners and categories, by interval, until they are reported. Every delta's bytes go to
// exactly one row, whatever happens: when the ledger is full, to a row of the same owner without a device (counted).
//
// A flow that is named after bytes of its went to unattributed moves them: rows of the current interval that say `late`
// take them back from unattributed and give them to the owner. What is taken back is negative, as the two's complement
// of the unsigned figure: sums over all events come out right, in every order.
class Ledger {
  public:
    struct RowKey {
        std::int64_t interval_ns = 0;
        DeviceIndex device = kNoDevice;
        OwnerIndex owner = kUnattributedIndex;
        std::uint32_t category = 0;
        std::uint32_t late = 0;  // 1: moved from unattributed; wide, so that the key has no padding

        bool operator==(const RowKey&) const = default;
    };
    using Report = std::function<void(const RowKey& key, model::Transfer&& transfer)>;

    struct Config {
        std::int64_t interval_ns = 60'000'000'000;
        std::size_t max_rows = 262'144;
    };

    Ledger(Config config, const signatures::Bundle& bundle, const NameTable& names)
        : config_(config), bundle_(bundle), names_(names) {}

    // The flow's attribution is decided.
    void add(FlowState& flow, const model::FlowDelta& delta);
    // A flow that `before` left unattributed has an owner now, at `now_ns`.
    void reattribute(FlowState& flow, const Attribution& before, std::int64_t now_ns);

    // Reports and removes all rows of intervals that start before `end_ns`, sorted by interval, device (in order of
    // appearance), owner's id and category. `last`: the input is over at end_ns, so that every row is final.
    void close(std::int64_t end_ns, bool last, const Report& report);
    [[nodiscard]] const LedgerCounters& counters() const { return counters_; }

  private:
    struct Party {
        DeviceIndex device;
        OwnerIndex owner;
        std::uint64_t category;
        bool operator==(const Party&) const = default;
    };
    struct Row {
        model::Transfer figures;
        base::EnumArray<model::UnattributedCause, model::Transfer::Unattributed> causes;
        std::set<std::string_view> domains;  // texts of the name table
        std::uint32_t applications = 0;      // a bit each
        static_assert(base::kCount<Application> <= 32);
        Party party{};
        std::uint64_t* open = nullptr;  // its party's count in open_flows_
    };

    static Party party_of(const FlowState& flow, const Attribution& attribution);
    void note_name(Row& row, const FlowState& flow, NameId name) const;
    void join_open(FlowState& flow, std::uint64_t& open);
    void leave_open(FlowState& flow, const Party& party);
    void forget_closed();
    Row& row_of(RowKey key);
    model::Transfer finished(const RowKey& key, Row& row, std::int64_t end_ns, bool last) const;

    const Config config_;
    const signatures::Bundle& bundle_;
    const NameTable& names_;
    LedgerCounters counters_;
    base::StableMap<RowKey, Row, base::PackedHash<RowKey>> rows_;
    base::StableMap<Party, std::uint64_t, base::PackedHash<Party>> open_flows_;  // that have reported bytes
    std::uint32_t epoch_ = 0;       // of open_flows_: counts stay where they are
    std::size_t parties_open_ = 0;  // those that are not 0
};

}  // namespace telltale::correlate
