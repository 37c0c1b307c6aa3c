// SPDX-License-Identifier: Apache-2.0
#include "sensor/track/tracker.h"

#include <algorithm>
#include <cassert>
#include <functional>

namespace telltale::track {
namespace {

using base::kSecondNs;
using model::Direction;
using model::PacketView;
using model::RecordBuffer;

// Seconds on the timer wheel; a longer timeout goes around more than once.
constexpr std::uint32_t kWheelBuckets = 512;

constexpr bool is_syn(std::uint8_t flags) { return (flags & (model::kTcpSyn | model::kTcpAck)) == model::kTcpSyn; }
constexpr bool is_syn_ack(std::uint8_t flags) {
    return (flags & (model::kTcpSyn | model::kTcpAck)) == (model::kTcpSyn | model::kTcpAck);
}

}  // namespace

Tracker::Tracker(const TrackerConfig& config)
    : config_(config),
      hash_(config.hash_key),
      table_(config.flows),
      lists_(table_.capacity(), kListCount),
      timers_(table_.capacity(), kWheelBuckets),
      streams_(config.stream_buffers, config.stream_buffer_bytes) {}

void Tracker::advance(std::int64_t clock_ns, model::Order order) {
    order_ = order;
    if (!started_) {
        started_ = true;
        interval_start_ns_ = base::floor_to(clock_ns, config_.interval_ns);
    } else if (clock_ns < clock_ns_) {
        offset_ns_ += clock_ns_ - clock_ns;
        ++counters_.clock_rebased;
    }
    clock_ns_ = clock_ns;
    if (base::floor_to(clock_ns, config_.interval_ns) != interval_start_ns_) {
        close_interval();
        interval_start_ns_ = base::floor_to(clock_ns, config_.interval_ns);
    }
    const std::int64_t now_ns = clock_ns_ + offset_ns_;
    const auto fire = [&](std::uint32_t index) {
        FlowSlot& flow = table_.at(index);
        if (flow.seen_ns + idle_timeout(flow) <= now_ns) {
            close(flow, idle_reason(flow));
        } else {
            arm(flow);
        }
    };
    const auto upcoming = [&](std::uint32_t index, unsigned distance) {
        distance == 2 ? table_.prefetch_whole(index) : table_.prefetch_unlink(index);
    };
    timers_.advance(base::floor_to(now_ns, kSecondNs) / kSecondNs, fire, upcoming);
}

void Tracker::prepare(std::span<const PacketView> packets) {
    prepared_packets_ = packets.data();
    prepared_count_ = std::min(packets.size(), prepared_.size());
    for (std::size_t i = 0; i < prepared_count_; ++i) {
        Prepared& prepared = prepared_[i];
        prepared.ready = packets[i].has_ip();
        if (!prepared.ready) continue;
        locate(packets[i], prepared);
        table_.prefetch_index(prepared.hash);
    }
    for (std::size_t i = 0; i < prepared_count_; ++i) {
        if (prepared_[i].ready) table_.prefetch_slot(prepared_[i].hash);
    }
}

void Tracker::locate(const PacketView& packet, Prepared& located) const {
    located.place = model::flow_place(packet);
    located.hash = located.place.key.hash(hash_);
    located.ready = true;
}

const Tracker::Prepared& Tracker::take_prepared(const PacketView& packet) {
    const std::less<> before;
    const bool in_batch = prepared_count_ != 0 && !before(&packet, prepared_packets_) &&
                          before(&packet, prepared_packets_ + prepared_count_);
    Prepared& prepared = in_batch ? prepared_[static_cast<std::size_t>(&packet - prepared_packets_)] : unprepared_;
    if (in_batch && prepared.ready) {
        assert(prepared.place.key == model::flow_place(packet).key);
    } else {
        locate(packet, prepared);
    }
    prepared.ready = false;
    return prepared;
}

FlowSlot* Tracker::track(const PacketView& packet, Direction& direction, RecordBuffer& out) {
    assert(packet.has_ip() && packet.frame != nullptr);
    const Prepared& located = take_prepared(packet);
    direction = located.place.direction;
    order_ = packet.frame->order;
    const std::int64_t seen_ns = packet.frame->timestamp_ns + offset_ns_;

    FlowSlot* flow = table_.find(located.place.key, located.hash);
    if (flow != nullptr && seen_ns - flow->seen_ns >= idle_timeout(*flow)) {
        close(*flow, idle_reason(*flow));
        make_final(*flow, out);
        flow = nullptr;
    } else if (flow != nullptr && starts_new_connection(*flow, packet, direction)) {
        close(*flow, counters_.flows_closed_reopened);
        make_final(*flow, out);
        flow = nullptr;
    }
    if (flow == nullptr) flow = open(located, packet, seen_ns, out);
    if (flow == nullptr) {
        ++counters_.untracked_packets;
        counters_.untracked_bytes += packet.ip_length;
        return nullptr;
    }
    if (flow->unreported && flow->interval_start_ns != interval_start_ns_ && !make_delta(*flow, out)) {
        ++counters_.late_packets;
    }
    if (!flow->announced) make_start(*flow, out);
    count(*flow, packet, direction, seen_ns);
    if (flow->key.protocol == model::kProtocolTcp && packet.has_ports) follow_tcp(*flow, packet, direction);
    return flow;
}

FlowSlot* Tracker::find(const PacketView& packet, Direction& direction) {
    assert(packet.has_ip() && packet.frame != nullptr);
    const Prepared& located = take_prepared(packet);
    direction = located.place.direction;
    order_ = packet.frame->order;
    return table_.find(located.place.key, located.hash);
}

FlowSlot* Tracker::open(const Prepared& located, const PacketView& packet, std::int64_t seen_ns, RecordBuffer& out) {
    if (table_.full() && !evict(out)) return nullptr;
    FlowSlot* flow = table_.open(located.place.key, located.hash);
    if (flow == nullptr) return nullptr;
    const Direction sender = located.place.direction;
    const bool answer = packet.protocol == model::kProtocolTcp && is_syn_ack(packet.tcp_flags);
    flow->initiator = answer ? model::opposite(sender) : sender;
    flow->seen_ns = seen_ns;
    flow->first_ns = flow->last_ns = packet.frame->timestamp_ns;
    flow->vlan = packet.vlan;
    flow->vlan_count = packet.vlan_count;
    flow->ttl[index_of(sender)] = packet.ttl;
    flow->mac[index_of(sender)] = packet.source_mac;
    flow->mac[index_of(model::opposite(sender))] = packet.destination_mac;
    if (answer) {
        // It acknowledges the SYN that was not seen.
        flow->initial_sequence = packet.tcp_acknowledgement - 1;
        streams_.begin(flow->streams[index_of(flow->initiator)], flow->initial_sequence);
    }
    arm(*flow);
    ++counters_.flows_opened;
    counters_.flows_active = table_.size();
    return flow;
}

bool Tracker::evict(RecordBuffer& out) {
    if (FlowSlot* flow = table_.stale(); flow != nullptr) {
        // Reported while it is still in the index: without room it simply goes on.
        if (!make_delta_with(*flow, out, true)) return false;
        close(*flow, counters_.flows_closed_evicted);
        free(*flow);
        return true;
    }
    const std::uint32_t owed = lists_.front(kDue);
    return owed != base::kNoIndex && table_.at(owed).closing && make_final(table_.at(owed), out);
}

void Tracker::count(FlowSlot& flow, const PacketView& packet, Direction direction, std::int64_t seen_ns) {
    const std::int64_t time_ns = packet.frame->timestamp_ns;
    FlowCount& total = flow.total[index_of(direction)];
    if (total.packets == 0) {
        flow.mac[index_of(direction)] = packet.source_mac;
        flow.ttl[index_of(direction)] = packet.ttl;
    }
    ++total.packets;
    total.bytes += packet.ip_length;
    total.payload_bytes += packet.payload_length;
    ++counters_.packets;
    counters_.bytes += packet.ip_length;

    flow.seen_ns = std::max(flow.seen_ns, seen_ns);
    if (time_ns > flow.last_ns || time_ns < flow.last_ns - base::PacketClock::kToleranceNs) flow.last_ns = time_ns;
    if (flow.unreported) return;
    flow.unreported = true;
    flow.delta_first_ns = time_ns;
    flow.interval_start_ns = interval_start_ns_;
    lists_.push_back(kFresh, table_.index_of(flow));
}

void Tracker::follow_sequence(FlowSlot& flow, const PacketView& packet, Direction direction) {
    const std::uint32_t length = packet.payload_length + ((packet.tcp_flags & model::kTcpSyn) != 0 ? 1U : 0U);
    if (length == 0) return;
    std::uint32_t& next = flow.total[index_of(direction)].next_sequence;
    if (packet.tcp_sequence != next) {
        if (next != 0 && !packet.fragment) return note_disorder(flow, packet.tcp_sequence, length, direction);
    }
    // The rest of a fragmented segment is not seen here.
    next = packet.fragment ? 0 : packet.tcp_sequence + length;
}

void Tracker::note_disorder(FlowSlot& flow, std::uint32_t sequence, std::uint32_t length, Direction direction) {
    std::uint32_t& next = flow.total[index_of(direction)].next_sequence;
    std::uint32_t& missing = flow.reported[index_of(direction)].missing_bytes;
    const std::uint32_t ahead = sequence - next;
    const std::uint32_t behind = next - sequence;
    if (ahead < kMostMissing) {
        ++counters_.tcp_gaps;
        counters_.tcp_gap_bytes += ahead;
        missing += ahead;
        next = sequence + length;
    } else if (behind < kMostMissing) {
        const std::uint32_t old = std::min(length, behind);
        const std::uint32_t filled = std::min(old, missing);
        missing -= filled;
        counters_.tcp_gap_filled_bytes += filled;
        if (length > behind) next = sequence + length;
    } else {
        missing = 0;
        next = sequence + length;
    }
}

void Tracker::follow_tcp(FlowSlot& flow, const PacketView& packet, Direction direction) {
    follow_sequence(flow, packet, direction);
    const std::uint8_t flags = packet.tcp_flags;
    flow.tcp_flags = static_cast<std::uint8_t>(flow.tcp_flags | flags);
    if ((flags & (model::kTcpSyn | model::kTcpFin | model::kTcpRst)) == 0) return;
    if ((flags & model::kTcpSyn) != 0) {
        if (is_syn(flags) && direction == flow.initiator && !flow.connection_over()) {
            flow.initial_sequence = packet.tcp_sequence;
        }
        streams_.begin(flow.streams[index_of(direction)], packet.tcp_sequence);
    }
    if (flow.connection_over()) return;
    if ((flags & model::kTcpRst) != 0) flow.fins = 3;
    if ((flags & model::kTcpFin) != 0) flow.fins = static_cast<std::uint8_t>(flow.fins | (1U << index_of(direction)));
    if (flow.connection_over()) arm(flow);
}

bool Tracker::starts_new_connection(const FlowSlot& flow, const PacketView& packet, Direction direction) const {
    return flow.connection_over() && is_syn(packet.tcp_flags) &&
           (direction != flow.initiator || packet.tcp_sequence != flow.initial_sequence);
}

std::int64_t Tracker::idle_timeout(const FlowSlot& flow) const {
    switch (flow.key.protocol) {
        case model::kProtocolTcp: return flow.connection_over() ? config_.tcp_over_idle_ns : config_.tcp_idle_ns;
        case model::kProtocolUdp: return config_.udp_idle_ns;
        default: return config_.other_idle_ns;
    }
}

std::uint64_t& Tracker::idle_reason(const FlowSlot& flow) {
    return flow.connection_over() ? counters_.flows_closed_over : counters_.flows_closed_idle;
}

void Tracker::arm(const FlowSlot& flow) {
    const std::int64_t deadline_ns = flow.seen_ns + idle_timeout(flow);
    timers_.arm(table_.index_of(flow), base::floor_to(deadline_ns + kSecondNs - 1, kSecondNs) / kSecondNs);
}

void Tracker::close(FlowSlot& flow, std::uint64_t& reason) {
    ++reason;
    const std::uint32_t index = table_.index_of(flow);
    table_.unlink(flow);
    timers_.cancel(index);
    for (StreamState& stream : flow.streams) streams_.stop(stream);
    count_sides(flow);
    flow.closing = true;
    lists_.remove(index);
    lists_.push_back(kDue, index);
}

// A connection attempt that nobody answers has one side as well: it takes more than its SYN, sent again, to count.
void Tracker::count_sides(const FlowSlot& flow) {
    if (flow.key.protocol != model::kProtocolTcp) return;
    const bool both = flow.total[0].packets != 0 && flow.total[1].packets != 0;
    const bool spoke = both || (flow.tcp_flags & (model::kTcpAck | model::kTcpPsh)) != 0;
    if (!spoke) return;
    TapCounters& of_tap = sides_[flow.key.segment.tap()];
    ++(both ? of_tap.both_sides : of_tap.one_side);
}

void Tracker::free(FlowSlot& flow) {
    lists_.remove(table_.index_of(flow));
    table_.release(flow);
    counters_.flows_active = table_.size();
}

}  // namespace telltale::track
