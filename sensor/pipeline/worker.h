// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "sensor/base/counters.h"
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

#define TELLTALE_WORKER_COUNTERS(X)                                                               \
    X(frames, counter, "Frames analysed, without reassembled datagrams")                          \
    X(batches, counter, "Batches of frames analysed")                                             \
    X(notes_lost, counter, "Records of senders, and of flows without a name, that found no room") \
    X(ring_full, counter, "Times that the ring to correlation was full and records had to wait")

// Counters of a worker; its stages have their own. One writer.
struct WorkerCounters {
    TELLTALE_COUNTERS(WorkerCounters, TELLTALE_WORKER_COUNTERS)
};

// One worker: everything between a batch of frames and the records that they give. Owns its stages and all of their
// state; shares nothing. Runs on one thread; allocates nothing after construction.
class Worker {
  public:
    // `outlet` outlives the worker, and has the same policy.
    Worker(const track::TrackerConfig& tracking, match::Scanner scanner, std::uint32_t generation, WhenFull when_full,
           RecordOutlet& outlet);

    // Ends timers and intervals: the source's clock is at `clock_ns`, and stepped there at `order` if it did. Called
    // before every batch. With WhenFull::drop the work is bounded and never waits: records that find no room stay owed
    // and are made in a later turn. Returns whether there was a step, or something was owed.
    bool step_clock(std::int64_t clock_ns, model::Order order);
    // Handles the frames of one batch. This worker has then seen all its frames up to `done`.
    void process(std::span<const model::Frame> frames, model::Order done);
    // Nothing has arrived: this worker has seen all its frames up to `done`.
    void rest(model::Order done) { publish(done); }
    // The source has ended: reports every flow, and waits for room where it must. `order`: see Order::end().
    void finish(model::Order order);

    [[nodiscard]] const FramesInHand& in_hand() const { return in_hand_; }
    [[nodiscard]] const WorkerCounters& counters() const { return counters_; }
    // Frames of the wire, by port.
    [[nodiscard]] const model::PortMap<std::uint64_t>& analysed() const { return analysed_; }
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
    // Announcements without a flow: reported once while this worker remembers them.
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
    WhenFull when_full_;
    RecordOutlet& outlet_;
    model::RecordBuffer records_;
    std::array<model::PacketView, model::kBatchFrames> views_;
    std::int64_t clock_ns_ = INT64_MIN;
    bool owing_ = false;         // step_clock() left records to be made
    std::size_t annotated_ = 0;  // bytes of records_ that the matcher has seen, where a full ring left them here
    WorkerCounters counters_;
    model::PortMap<std::uint64_t> analysed_;
    FramesInHand in_hand_;
};

}  // namespace telltale::pipeline
