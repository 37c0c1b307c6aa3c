// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sensor/correlate/who/counter_parts.h"
#include "sensor/correlate/who/device_table.h"
#include "sensor/correlate/who/flow_classifier.h"
#include "sensor/correlate/who/generations.h"
#include "sensor/correlate/who/home_networks.h"
#include "sensor/correlate/who/receiver.h"
#include "sensor/correlate/who/seen_flows.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

// The counters of all parts of who.
using WhoCounters = CounterParts<DeviceTableCounters, SeenFlowsCounters, HomeNetworksCounters>;

// The first half of correlating: from a record to the devices behind it. Needs all records in order, since any of them
// may say which device an address is. Owns endpoints, routers, home networks, leases and the slots of open flows; what
// they mean is the receiver's business. Single-threaded.
class Who final : private DeviceListener {
  public:
    struct Config {
        std::vector<model::IpPrefix> home_networks;
        bool learn_ipv6_prefixes = true;
        bool keep_rows = false;  // somebody calls write_changes()
        DeviceTable::Config devices;
        SeenFlows::Config flows;
    };

    Who(Config config, Receiver& receiver);

    void on_record(const model::RecordView& record);
    // For speed: the record will come soon. Fetches what it will need into the cache.
    void expect(const model::RecordView& record);

    // A message of its own, for what does not come from a record: an interval's end at `time_ns`.
    Moment begin_step(std::int64_t time_ns);

    void save(KeptWho& kept) const;
    // Before the first record. `last_sequence`: messages are numbered from the next on.
    void restore(const KeptWho& kept, std::uint64_t last_sequence);

    // As DeviceTable's.
    bool write_changes(RowWriter& rows) { return devices_.write_changes(rows) && home_.write_changes(rows); }
    void write_device(DeviceIndex device, RowWriter& rows) { devices_.write_device(device, rows); }
    void note_all() {
        devices_.note_all();
        home_.note_all();
    }

    // The generation of the signatures that records were matched with last, at the end of this frame. Frames ascend
    // from call to call.
    [[nodiscard]] std::uint32_t generation_at(std::uint64_t frame) { return generations_.at(frame); }

    [[nodiscard]] const DeviceTable& devices() const { return devices_; }
    [[nodiscard]] const SeenFlows& flows() const { return flows_; }
    [[nodiscard]] WhoCounters counters() const {
        return WhoCounters(devices_.counters(), flows_.counters(), home_.counters());
    }
    [[nodiscard]] const std::array<std::uint64_t, model::kRecordKindCount>& records() const { return records_; }

  private:
    struct Step;  // see steps.cc
    struct Steps;

    void on_change(const DeviceChange& change) override { receiver_.on_change(next(), change); }
    void note_presence(DeviceIndex device, std::int64_t seen_ns) {
        on_change({.kind = DeviceChange::Kind::presence, .device = device, .time_ns = seen_ns});
    }

    // By kind of record; see steps.cc.
    void flow_only(const model::RecordView& record);
    void delta(const model::RecordView& record);
    void sender(const model::RecordView& record);
    void claim(const model::RecordView& record);
    void claim_in_flow(const model::RecordView& record);
    void announcement(const model::RecordView& record);
    void message(const model::RecordView& record);
    void answers(const model::RecordView& record);
    void lease(const model::RecordView& record);

    SeenFlow& flow_of(const model::RecordHeader& header);
    void open(const model::RecordHeader& header, SeenFlow& slot);
    void pass(const model::RecordView& record, const SeenFlow& flow, std::uint8_t parts, DeviceIndex speaker);
    void begin_frame(std::int64_t time_ns) {
        ++moment_.frame;
        moment_.time_ns = time_ns;
    }
    const Moment& next() {
        ++moment_.sequence;
        return moment_;
    }

    Receiver& receiver_;
    HomeNetworks home_;
    DeviceTable devices_;
    FlowClassifier classifier_;
    SeenFlows flows_;
    std::array<std::uint64_t, model::kRecordKindCount> records_{};
    Moment moment_;
    Generations generations_;
    model::Order order_;  // of the record in hand
    // Flows whose slot was fetched and whose state is to be fetched next.
    static constexpr std::size_t kSlotsAhead = 2;
    std::array<model::FlowRef, kSlotsAhead> coming_{};
    std::size_t next_coming_ = 0;
};

}  // namespace telltale::correlate
