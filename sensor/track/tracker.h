// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sensor/base/packet_clock.h"
#include "sensor/base/siphash.h"
#include "sensor/base/timer_wheel.h"
#include "sensor/model/frame.h"
#include "sensor/model/packet_view.h"
#include "sensor/model/record.h"
#include "sensor/track/flow_slot.h"
#include "sensor/track/flow_slots.h"
#include "sensor/track/stream_assembler.h"
#include "sensor/track/track_counters.h"

namespace telltale::track {

// Limits and times of one worker's tracker. Its tables are allocated at start.
struct TrackerConfig {
    std::uint16_t worker = 0;  // of FlowRef
    base::HashKey hash_key;    // secret
    std::uint32_t flows = 131'072;
    std::int64_t interval_ns = 60 * base::kSecondNs;  // of the ledger; aligned to its multiples
    std::int64_t tcp_idle_ns = 300 * base::kSecondNs;
    std::int64_t tcp_over_idle_ns = 30 * base::kSecondNs;  // after FIN both ways, or RST
    std::int64_t udp_idle_ns = 120 * base::kSecondNs;
    std::int64_t other_idle_ns = 60 * base::kSecondNs;
    std::uint32_t stream_buffers = 512;
    std::uint32_t stream_buffer_bytes = 20 * 1024;
    std::uint32_t tunnels = 4;  // that decode looks into, one in the other; 0: the outermost addresses are the devices'
};

// The flows of one worker: finds the flow of a packet, counts the packet there, and makes the flow's records.
// Single-threaded; no lock, and no allocation after construction. pipeline/worker.cc shows how it is driven.
//
// Results do not depend on the number of workers if all of them get the same advance() calls at the same places of the
// stream and drain until true before they go on. Packet time decides time-outs at look-up, whole seconds of the
// source's clock decide them in advance(); intervals end in advance() alone. Two things do depend on how flows spread
// over workers, and both are counted: a full table, and full stream buffers.
//
// A record that finds no room in the buffer is owed: a later packet of the flow or drain() makes it, and counts add up
// until then. flow_start is always the first record of a flow. Each opened flow is closed for exactly one counted
// reason, with a final delta, if need be of zeros. Headers of flow_start and flow_delta describe the flow: direction,
// MACs and TTL are the initiator's (TTL 0 until it was heard); the time is that of the flow's first packet, or the
// delta's last.
//
// There is no active timeout: every byte is reported within an interval, and a flow that was cut in two would lose the
// name that its first bytes gave it.
//
// TCP's sequence numbers give an estimate of loss: bytes missing before a segment are a gap until they arrive. A jump
// of more than kMostMissing is not a gap.
//
// If the clock jumps back (base::PacketClock), an earlier interval starts; timers keep running.
class Tracker {
  public:
    static constexpr std::uint32_t kMostMissing = 1U << 24;  // bytes: a window of the largest common size

    explicit Tracker(const TrackerConfig& config);

    // The source's clock has entered another second; called before the first packet, too. Closes idle flows and, if a
    // new interval begins, makes all flows with unreported packets due; drain() makes the records.
    void advance(std::int64_t clock_ns, model::Order order);

    // Makes up to `budget` records that are owed: due deltas, then interval_end with the end of the closed interval as
    // its time, once. If several intervals have closed, that of the last. Returns true if nothing is owed.
    bool drain(model::RecordBuffer& out, std::size_t budget);

    // Optional, for speed: hashes the keys of a batch and prefetches their slots. track() then uses what was prepared
    // for a packet of this span; so prepare every batch, or none.
    void prepare(std::span<const model::PacketView> packets);

    // Counts a packet with IP in its flow, opening one (flow_start) if needed. The packet needs its frame. Returns
    // null, and counts the packet as untracked, if the table is full and there is no room to report the flow to evict.
    FlowSlot* track(const model::PacketView& packet, model::Direction& direction, model::RecordBuffer& out);

    // Returns the flow that track() would count a packet in, without counting it: for datagrams whose fragments were
    // counted. Null if there is no such flow.
    FlowSlot* find(const model::PacketView& packet, model::Direction& direction);

    // The source has ended. Closes every flow with its final delta, then makes the last interval_end; call it again
    // with room in the buffer until it returns true.
    bool finish(model::Order order, model::RecordBuffer& out);

    // Returns the header of a record about this packet; the caller sets its kind.
    [[nodiscard]] model::RecordHeader origin(const FlowSlot& flow, const model::PacketView& packet,
                                             model::Direction direction) const;
    [[nodiscard]] model::FlowRef ref(const FlowSlot& flow) const;

    [[nodiscard]] StreamAssembler& streams() { return streams_; }
    [[nodiscard]] const TrackCounters& counters() const { return counters_; }
    [[nodiscard]] const StreamCounters& stream_counters() const { return streams_.counters(); }
    [[nodiscard]] const TapSides& tap_sides() const { return sides_; }
    [[nodiscard]] std::uint32_t capacity() const { return table_.capacity(); }

  private:
    enum List : std::uint32_t {
        kFresh,  // unreported packets of the current interval
        kDue,    // unreported packets of a closed interval, or closing: drain makes the record
        kListCount
    };
    struct Prepared {
        model::FlowPlace place;
        std::uint64_t hash = 0;
        bool ready = false;
    };

    void locate(const model::PacketView& packet, Prepared& located) const;
    [[nodiscard]] const Prepared& take_prepared(const model::PacketView& packet);
    FlowSlot* open(const Prepared& located, const model::PacketView& packet, std::int64_t seen_ns,
                   model::RecordBuffer& out);
    bool evict(model::RecordBuffer& out);
    void count(FlowSlot& flow, const model::PacketView& packet, model::Direction direction, std::int64_t seen_ns);
    void follow_sequence(FlowSlot& flow, const model::PacketView& packet, model::Direction direction);
    void note_disorder(FlowSlot& flow, std::uint32_t sequence, std::uint32_t length, model::Direction direction);
    void follow_tcp(FlowSlot& flow, const model::PacketView& packet, model::Direction direction);
    [[nodiscard]] bool starts_new_connection(const FlowSlot& flow, const model::PacketView& packet,
                                             model::Direction direction) const;

    [[nodiscard]] std::int64_t idle_timeout(const FlowSlot& flow) const;
    [[nodiscard]] std::uint64_t& idle_reason(const FlowSlot& flow);
    void arm(const FlowSlot& flow);
    void close(FlowSlot& flow, std::uint64_t& reason);
    void count_sides(const FlowSlot& flow);
    void free(FlowSlot& flow);
    void close_interval();
    // These return false if there is no room; the record is owed.
    bool make_start(FlowSlot& flow, model::RecordBuffer& out);
    bool make_delta(FlowSlot& flow, model::RecordBuffer& out);
    bool make_final(FlowSlot& flow, model::RecordBuffer& out);  // and frees the slot
    bool make_delta_with(FlowSlot& flow, model::RecordBuffer& out, bool final);
    bool make_interval_end(model::RecordBuffer& out);
    [[nodiscard]] model::RecordHeader flow_header(const FlowSlot& flow, std::int64_t time_ns) const;

    TrackerConfig config_;
    model::FlowKey::Hash hash_;
    FlowSlots table_;
    base::IndexLists lists_;
    base::TimerWheel timers_;  // one per flow; ticks are seconds of the tracker's own clock
    StreamAssembler streams_;
    TrackCounters counters_;
    TapSides sides_;

    bool started_ = false;
    std::int64_t clock_ns_ = 0;   // as last advanced
    std::int64_t offset_ns_ = 0;  // added to packet time it gives the tracker's own clock
    model::Order order_;          // of the last packet or advance
    std::int64_t interval_start_ns_ = 0;
    std::int64_t interval_end_owed_ns_ = 0;
    bool interval_end_owed_ = false;
    bool finishing_ = false;
    bool last_interval_closed_ = false;
    std::uint32_t finish_at_ = 0;

    const model::PacketView* prepared_packets_ = nullptr;
    std::size_t prepared_count_ = 0;
    std::array<Prepared, model::kBatchFrames> prepared_;
    Prepared unprepared_;  // of a packet that was not prepared
};

}  // namespace telltale::track
