// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/worker.h"

#include <cstring>

#include "sensor/decode/checksum.h"
#include "sensor/pipeline/idle_wait.h"

namespace telltale::pipeline {
namespace {

using extract::ExtractState;
using extract::StreamVerdict;
using model::Direction;
using model::PacketView;
using model::RecordKind;
using track::FlowSlot;

constexpr std::size_t kRecordBufferBytes = 256 * 1024;
// A packet needs no more than this: a flow's end, another's start, a message's records.
constexpr std::size_t kRoomForAPacket = 8 * model::kMaxRecordBytes;
constexpr std::size_t kDrainBudget = 512;

static_assert(sizeof(ExtractState) <= sizeof(FlowSlot::extractor_state));

ExtractState load_state(const FlowSlot& flow) {
    ExtractState state;
    std::memcpy(&state, flow.extractor_state.data(), sizeof state);
    return state;
}
void store_state(FlowSlot& flow, const ExtractState& state) {
    std::memcpy(flow.extractor_state.data(), &state, sizeof state);
}

// The header of a record that belongs to a frame and to no flow.
model::RecordHeader frame_header(const PacketView& packet, RecordKind kind) {
    model::RecordHeader header;
    header.kind = kind;
    header.order = packet.frame->order;
    header.time_ns = packet.frame->timestamp_ns;
    header.key.segment = packet.segment();
    header.source_mac = packet.source_mac;
    header.destination_mac = packet.destination_mac;
    header.vlan = packet.vlan;
    header.vlan_count = packet.vlan_count;
    header.ttl = packet.ttl;
    return header;
}

}  // namespace

Worker::Worker(const track::TrackerConfig& tracking, match::Scanner scanner, std::uint32_t generation,
               WhenFull when_full, RecordOutlet& outlet)
    : tunnels_(tracking.tunnels),
      tracker_(tracking),
      match_(std::move(scanner), generation),
      senders_(tracking.hash_key),
      when_full_(when_full),
      outlet_(outlet),
      records_(kRecordBufferBytes) {}

bool Worker::step_clock(std::int64_t clock_ns, model::Order order) {
    if (clock_ns == clock_ns_ && !owing_) return false;
    clock_ns_ = clock_ns;
    tracker_.advance(clock_ns, order);
    owing_ = !tracker_.drain(records_, kDrainBudget);
    while (owing_ && when_full_ == WhenFull::wait) {
        publish(order.before());
        owing_ = !tracker_.drain(records_, kDrainBudget);
    }
    publish(order);
    return true;
}

void Worker::process(std::span<const model::Frame> frames, model::Order done) {
    ++counters_.batches;
    in_hand_.take(frames);
    const std::span<PacketView> views = std::span(views_).first(frames.size());
    const std::uint64_t reassembled = decode_counters_.reassembled_datagrams;
    decode::decode_batch(frames, views, decode_counters_, tunnels_);
    counters_.frames += frames.size() - (decode_counters_.reassembled_datagrams - reassembled);
    tracker_.prepare(views);
    for (const PacketView& packet : views) {
        analysed_[packet.frame->port] += packet.frame->reassembled ? 0U : 1U;
        if (records_.left() < kRoomForAPacket) publish(packet.frame->order.before());
        handle(packet);
    }
    publish(done);
    in_hand_.put_down();
}

void Worker::finish(model::Order order) {
    IdleWait idle;
    while (!tracker_.finish(order, records_)) {
        if (!publish(order.before())) idle.wait();
    }
    while (!publish(order)) idle.wait();
}

void Worker::handle(const PacketView& packet) {
    // The inside of a tunnel has its own segment, but the frame was sent outside.
    const model::Segment segment(packet.frame->tap, packet.vlan[0], packet.vlan[1]);
    if (!senders_.repeats(segment, packet.sender_mac)) note_sender(packet, segment);
    if (!packet.has_ip()) {
        if (packet.network == model::Network::arp) {
            note_arp(packet);
        } else if (!packet.payload.empty()) {
            note_announcement(packet);
        }
        return;
    }
    Direction direction{};
    FlowSlot* flow = nullptr;
    if (packet.frame->reassembled) {
        flow = tracker_.find(packet, direction);  // its fragments are counted, and the first one opened the flow
        if (flow == nullptr) return;
    } else {
        flow = tracker_.track(packet, direction, records_);
        if (flow == nullptr) return;
    }
    if ((packet.tcp_flags & (model::kTcpSyn | model::kTcpAck)) == model::kTcpSyn) note_syn(*flow, packet, direction);
    // The payload of fragments is read once the datagram is whole.
    if (packet.payload.empty() || packet.fragment) return;
    if (packet.protocol == model::kProtocolTcp) {
        extract_stream(*flow, packet, direction);
    } else if (packet.protocol == model::kProtocolUdp) {
        extract_datagram(*flow, packet, direction);
    } else if (packet.protocol == model::kProtocolIcmpV6) {
        note_neighbour(*flow, packet, direction);
    }
}

void Worker::extract_datagram(FlowSlot& flow, const PacketView& packet, Direction direction) {
    ExtractState state = load_state(flow);
    if (state.sides[track::index_of(direction)].finished != 0) return;
    const extract::DatagramVerdict verdict =
        extractors_.datagram(tracker_.origin(flow, packet, direction), packet, state, records_);
    store_state(flow, state);
    if (verdict.record) count_checksum(packet);
    if (verdict.unknown && direction == flow.initiator) note_unnamed(flow, packet, direction);
}

void Worker::extract_stream(FlowSlot& flow, const PacketView& packet, Direction direction) {
    track::StreamAssembler& streams = tracker_.streams();
    track::StreamState& stream = flow.streams[track::index_of(direction)];
    if (stream.stopped()) return;
    count_checksum(packet);
    const base::Bytes bytes = streams.offer(stream, packet);
    if (bytes.empty()) return;

    ExtractState state = load_state(flow);
    const bool known = state.sides[track::index_of(direction)].known != 0;
    const StreamVerdict verdict =
        extractors_.stream(tracker_.origin(flow, packet, direction), bytes, stream.cut, state, records_);
    store_state(flow, state);
    switch (verdict.demand) {
        case StreamVerdict::Demand::more: streams.keep(stream); break;
        case StreamVerdict::Demand::next_message: streams.consume_all(stream); break;
        case StreamVerdict::Demand::finished: streams.stop(stream); break;
    }
    if (verdict.demand == StreamVerdict::Demand::finished && !verdict.named && !known && direction == flow.initiator) {
        note_unnamed(flow, packet, direction);
    }
}

void Worker::note_unnamed(const FlowSlot& flow, const PacketView& packet, Direction direction) {
    model::RecordHeader header = tracker_.origin(flow, packet, direction);
    header.kind = RecordKind::flow_unnamed;
    if (!model::RecordWriter(records_, header).commit()) ++counters_.notes_lost;
}

void Worker::note_sender(const PacketView& packet, model::Segment segment) {
    if (!packet.sender_mac.known() || packet.sender_mac.multicast()) return;
    if (packet.frame->reassembled || !senders_.is_new(segment, packet.sender_mac)) return;
    model::RecordHeader header = frame_header(packet, RecordKind::sender);
    header.key.segment = segment;
    header.source_mac = packet.sender_mac;
    if (!model::RecordWriter(records_, header).commit()) ++counters_.notes_lost;
}

void Worker::note_arp(const PacketView& packet) {
    if (!extractors_.knows(extract::Transport::arp, packet)) return;
    if (!senders_.is_new(packet.segment(), packet.arp_sender_mac, packet.source)) return;
    extractors_.packet(frame_header(packet, RecordKind::arp), extract::Transport::arp, packet, records_);
}

void Worker::note_announcement(const PacketView& packet) {
    if (!packet.source_mac.known() || !extractors_.knows(extract::Transport::link, packet)) return;
    if (!senders_.is_new(packet.segment(), packet.source_mac, {}, packet.payload)) return;
    extractors_.packet(frame_header(packet, RecordKind::sender), extract::Transport::link, packet, records_);
}

void Worker::note_syn(const FlowSlot& flow, const PacketView& packet, Direction direction) {
    if (!packet.has_ports) return;
    const std::uint8_t fixed[] = {packet.ttl, packet.dont_fragment, static_cast<std::uint8_t>(packet.tcp_window >> 8),
                                  static_cast<std::uint8_t>(packet.tcp_window & 0xff)};
    if (!senders_.is_new(packet.segment(), packet.source_mac, packet.source, fixed, packet.tcp_options)) return;
    extractors_.packet(tracker_.origin(flow, packet, direction), extract::Transport::syn, packet, records_);
}

void Worker::note_neighbour(const FlowSlot& flow, const PacketView& packet, Direction direction) {
    // A repeated message has the same checksum, so it need not be masked.
    if (!senders_.is_new(packet.segment(), packet.source_mac, packet.source, packet.payload)) return;
    extractors_.packet(tracker_.origin(flow, packet, direction), extract::Transport::icmpv6, packet, records_);
}

void Worker::count_checksum(const PacketView& packet) {
    if (!decode::transport_checksum_ok(packet)) ++decode_counters_.bad_transport_checksums;
}

bool Worker::publish(model::Order done) {
    if (records_.bytes().size() > annotated_) match_.annotate(records_, annotated_);
    const bool taken = outlet_.publish(records_, done);
    annotated_ = records_.bytes().size();
    counters_.ring_full += taken ? 0U : 1U;
    return taken;
}

}  // namespace telltale::pipeline
