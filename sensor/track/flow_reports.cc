// SPDX-License-Identifier: Apache-2.0
// The part of Tracker that makes records: which are owed, when, and their content.
#include <algorithm>
#include <limits>

#include "sensor/track/tracker.h"

namespace telltale::track {

using model::Direction;
using model::RecordBuffer;
using model::RecordHeader;
using model::RecordKind;
using model::RecordWriter;

void Tracker::close_interval() {
    lists_.splice(kDue, kFresh);
    interval_end_owed_ = true;
    interval_end_owed_ns_ = interval_start_ns_ + config_.interval_ns;
    ++counters_.intervals_closed;
}

bool Tracker::drain(RecordBuffer& out, std::size_t budget) {
    std::uint32_t index = lists_.front(kDue);
    for (; index != base::kNoIndex && budget != 0; index = lists_.front(kDue), --budget) {
        if (const std::uint32_t next = lists_.after(index); next != base::kNoIndex) table_.prefetch_whole(next);
        FlowSlot& flow = table_.at(index);
        if (!(flow.closing ? make_final(flow, out) : make_delta(flow, out))) return false;
    }
    return index == base::kNoIndex && (!interval_end_owed_ || make_interval_end(out));
}

bool Tracker::finish(model::Order order, RecordBuffer& out) {
    if (!finishing_) order_ = order;
    finishing_ = true;
    if (!drain(out, std::numeric_limits<std::size_t>::max())) return false;
    for (; finish_at_ < table_.capacity(); ++finish_at_) {
        if (!timers_.armed(finish_at_)) continue;  // every open flow has a timer
        FlowSlot& flow = table_.at(finish_at_);
        close(flow, counters_.flows_closed_end);
        if (!make_final(flow, out)) return false;
    }
    if (started_ && !last_interval_closed_) close_interval();
    last_interval_closed_ = true;
    return drain(out, std::numeric_limits<std::size_t>::max());
}

bool Tracker::make_start(FlowSlot& flow, RecordBuffer& out) {
    if (flow.announced) return true;
    RecordHeader header = flow_header(flow, flow.first_ns);
    header.kind = RecordKind::flow_start;
    flow.announced = RecordWriter(out, header).commit();
    if (!flow.announced) ++counters_.records_owed;
    return flow.announced;
}

bool Tracker::make_delta(FlowSlot& flow, RecordBuffer& out) { return make_delta_with(flow, out, false); }

bool Tracker::make_final(FlowSlot& flow, RecordBuffer& out) {
    if (!make_delta_with(flow, out, true)) return false;
    free(flow);
    return true;
}

bool Tracker::make_delta_with(FlowSlot& flow, RecordBuffer& out, bool final) {
    if (!make_start(flow, out)) return false;
    model::FlowDelta delta;
    for (std::size_t way = 0; way < 2; ++way) {
        delta.packets[way] = static_cast<std::uint32_t>(flow.total[way].packets - flow.reported[way].packets);
        delta.bytes[way] = flow.total[way].bytes - flow.reported[way].bytes;
        delta.payload_bytes[way] = flow.total[way].payload_bytes - flow.reported[way].payload_bytes;
    }
    // After a jump of the clock backwards the first packet may seem later than the last.
    delta.first_ns = flow.unreported ? std::min(flow.delta_first_ns, flow.last_ns) : flow.last_ns;
    delta.last_ns = flow.last_ns;
    delta.interval_start_ns = flow.unreported ? flow.interval_start_ns : interval_start_ns_;
    delta.tcp_flags = flow.tcp_flags;
    delta.final = final;

    RecordHeader header = flow_header(flow, flow.last_ns);
    header.kind = RecordKind::flow_delta;
    RecordWriter writer(out, header);
    if (!writer.put_flow_delta(delta).commit()) {
        ++counters_.records_owed;
        return false;
    }
    for (std::size_t way = 0; way < 2; ++way) {
        flow.reported[way].bytes = flow.total[way].bytes;
        flow.reported[way].payload_bytes = flow.total[way].payload_bytes;
        flow.reported[way].packets = flow.total[way].packets;
    }
    flow.unreported = false;
    lists_.remove(table_.index_of(flow));
    return true;
}

bool Tracker::make_interval_end(RecordBuffer& out) {
    RecordHeader header;
    header.kind = RecordKind::interval_end;
    header.order = order_;
    header.time_ns = interval_end_owed_ns_;
    header.flow.worker = config_.worker;
    if (!RecordWriter(out, header).commit()) {
        ++counters_.records_owed;
        return false;
    }
    interval_end_owed_ = false;
    return true;
}

model::FlowRef Tracker::ref(const FlowSlot& flow) const { return {config_.worker, table_.index_of(flow), flow.serial}; }

RecordHeader Tracker::flow_header(const FlowSlot& flow, std::int64_t time_ns) const {
    RecordHeader header;
    header.direction = flow.initiator;
    header.order = order_;
    header.time_ns = time_ns;
    header.flow = ref(flow);
    header.key = flow.key;
    header.source_mac = flow.mac[index_of(flow.initiator)];
    header.destination_mac = flow.mac[index_of(model::opposite(flow.initiator))];
    header.vlan = flow.vlan;
    header.vlan_count = flow.vlan_count;
    header.ttl = flow.ttl[index_of(flow.initiator)];
    return header;
}

RecordHeader Tracker::origin(const FlowSlot& flow, const model::PacketView& packet, Direction direction) const {
    RecordHeader header;
    header.direction = direction;
    header.order = packet.frame->order;
    header.time_ns = packet.frame->timestamp_ns;
    header.flow = ref(flow);
    header.key = flow.key;
    header.source_mac = packet.source_mac;
    header.destination_mac = packet.destination_mac;
    header.vlan = packet.vlan;
    header.vlan_count = packet.vlan_count;
    header.ttl = packet.ttl;
    return header;
}

}  // namespace telltale::track
