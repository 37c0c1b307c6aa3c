// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "sensor/decode/decode.h"
#include "sensor/extract/extractors.h"
#include "sensor/model/frame_batch.h"
#include "sensor/model/record.h"
#include "sensor/pipeline/frames_in_hand.h"
#include "sensor/pipeline/match_stage.h"
#include "sensor/pipeline/record_outlet.h"
#include "sensor/pipeline/sender_filter.h"
#include "sensor/track/tracker.h"

namespace telltale::pipeline {

// What the worker itself counts; the stages have counters of their own. One writer.
struct WorkerCounters {
    std::uint64_t frames = 0;  // of the wire: reassembled datagrams are none
    std::uint64_t batches = 0;
    std::uint64_t bad_transport_checksums = 0;  // of the packets that extractors read; analysed all the same
    std::uint64_t records_lost = 0;             // observations without room: never flow records, which are owed
    std::uint64_t ring_full = 0;                // times that the ring took nothing: the records waited here
};

// One worker: everything between a batch of frames and the records that they give. Owns its stages and all of their
// state; shares nothing. Runs on one thread; allocates nothing after construction.
class Worker {
  public:
    // `outlet` outlives the worker.
    Worker(const track::TrackerConfig& tracking, match::Scanner scanner, std::uint32_t generation,
           RecordOutlet& outlet);

    // The source's clock has stepped to `clock_ns` at `order`: ends timers and intervals.
    void step_clock(std::int64_t clock_ns, model::Order order);
    // The same on a port, before every batch: with bounded work and without waiting. What finds no room stays owed and
    // is made in a later turn.
    void step_port_clock(std::int64_t clock_ns, model::Order order);
    // Handles the frames of one batch. This worker has then seen all its frames up to `done`.
    void process(std::span<const model::Frame> frames, model::Order done);
    // Nothing has arrived: this worker has seen all its frames up to `done`.
    void rest(model::Order done) { publish(done); }
    // The source has ended: reports every flow, and waits for room where it must. `order`: see Order::end().
    void finish(model::Order order);

    [[nodiscard]] const FramesInHand& in_hand() const { return in_hand_; }
    [[nodiscard]] const WorkerCounters& counters() const { return counters_; }
    [[nodiscard]] const decode::DecodeCounters& decode_counters() const { return decode_counters_; }
    [[nodiscard]] const track::Tracker& tracker() const { return tracker_; }
    [[nodiscard]] const extract::Extractors& extractors() const { return extractors_; }
    [[nodiscard]] const match::ScanCounters& scan_counters() const { return match_.counters(); }

  private:
    void handle(const model::PacketView& packet);
    void extract_datagram(track::FlowSlot& flow, const model::PacketView& packet, model::Direction direction);
    void extract_stream(track::FlowSlot& flow, const model::PacketView& packet, model::Direction direction);
    void note_unnamed(const track::FlowSlot& flow, const model::PacketView& packet, model::Direction direction);
    void note_sender(const model::PacketView& packet, model::Segment segment);
    void note_arp(const model::PacketView& packet);
    // Packets that speak for themselves: said once while this worker remembers it.
    void note_announcement(const model::PacketView& packet);
    void note_syn(const track::FlowSlot& flow, const model::PacketView& packet, model::Direction direction);
    void note_neighbour(const track::FlowSlot& flow, const model::PacketView& packet, model::Direction direction);
    void count_checksum(const model::PacketView& packet);
    bool publish(model::Order done);

    unsigned tunnels_;
    decode::DecodeCounters decode_counters_;
    track::Tracker tracker_;
    extract::Extractors extractors_;
    MatchStage match_;
    SenderFilter senders_;
    RecordOutlet& outlet_;
    model::RecordBuffer records_;
    std::array<model::PacketView, model::kBatchFrames> views_;
    std::int64_t clock_ns_ = INT64_MIN;
    bool owing_ = false;         // step_port_clock() left records to be made
    std::size_t annotated_ = 0;  // bytes of records_ that the matcher has seen, where a full ring left them here
    WorkerCounters counters_;
    FramesInHand in_hand_;
};

}  // namespace telltale::pipeline
