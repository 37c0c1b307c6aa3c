// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/tap_source.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

#include "sensor/capture/device.h"
#include "sensor/capture/guarded_tail.h"
#include "sensor/capture/port.h"
#include "sensor/model/ethernet.h"
#include "sensor/model/packet_view.h"

namespace telltale::capture {
namespace {

constexpr std::int64_t kMicrosecondNs = 1000;  // net_pcap's unit of time

// Returns the length by the IP header, because the driver does not report the length of a frame that its ring cut. 0 if
// the frame has no IP header.
std::uint32_t claimed_length(base::Bytes frame) {
    constexpr std::uint32_t kIpv6HeaderBytes = 40;
    const model::NetworkStart start = model::network_start(frame);
    if (!start.is_ip() || start.offset + kIpv6HeaderBytes > frame.size()) return 0;
    const auto header = static_cast<std::uint32_t>(start.offset);
    return start.is_ipv4() ? header + base::u16_at(frame, header + 2)
                           : header + kIpv6HeaderBytes + base::u16_at(frame, header + 4);
}

// Returns whether a frame was sent to the lower of two TCP or UDP ports: it is probably a request.
bool asks(const rte_mbuf& buffer) {
    const base::Bytes frame(rte_pktmbuf_mtod(&buffer, const std::uint8_t*), rte_pktmbuf_data_len(&buffer));
    const model::NetworkStart start = model::network_start(frame);
    if (!start.is_ip()) return false;
    const std::uint8_t protocol = base::u8_at(frame, start.offset + (start.is_ipv4() ? 9 : 6));
    if (protocol != model::kProtocolTcp && protocol != model::kProtocolUdp) return false;
    const std::size_t header_bytes =
        start.is_ipv4() ? std::size_t{4} * (base::u8_at(frame, start.offset) & 0xfU) : std::size_t{40};
    const std::size_t ports = start.offset + header_bytes;
    return ports + 4 <= frame.size() && base::u16_at(frame, ports + 2) < base::u16_at(frame, ports);
}

// There is one writer, so no locked instruction is needed.
template <typename Number>
void add(std::atomic<Number>& counter, Number value) {
    counter.store(counter.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
}

}  // namespace

TapSource::TapSource(const std::vector<TapQueue>& queues, std::uint16_t queue, const SteadyClock& clock)
    : queues_(queues.size()),
      queue_number_(queue),
      steady_clock_(clock),
      joined_(new std::uint8_t[std::size_t{kLongestFrame} * model::kBatchFrames]) {
    plays_files_ = !queues.empty();
    for (std::size_t i = 0; i < queues.size(); ++i) {
        queues_[i].setup = queues[i];
        queues_[i].waiting.resize(queues[i].comes_late ? kHeldFrames : model::kBatchFrames);
        plays_files_ = plays_files_ && queues[i].plays_file;
    }
    const int flag = rte_mbuf_dynflag_lookup(RTE_MBUF_DYNFLAG_RX_TIMESTAMP_NAME, nullptr);
    timestamp_offset_ = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, nullptr);
    if (flag >= 0) timestamp_flag_ = std::uint64_t{1} << flag;
}

TapSource::~TapSource() {
    for (PortQueue& queue : queues_) {
        for (; !queue.empty(); ++queue.next) rte_pktmbuf_free(queue.waiting[queue.next].buffer);
    }
}

std::int64_t TapSource::time_of(PortQueue& queue, const rte_mbuf& buffer, std::int64_t now_ns) const {
    if (queue.setup.time_source == TimeSource::wall_clock || timestamp_offset_ < 0 ||
        (buffer.ol_flags & timestamp_flag_) == 0) {
        return now_ns;
    }
    rte_mbuf_timestamp_t ticks = 0;
    std::memcpy(&ticks, reinterpret_cast<const std::uint8_t*>(&buffer) + timestamp_offset_, sizeof ticks);
    if (queue.setup.time_source == TimeSource::packet) return static_cast<std::int64_t>(ticks) * kMicrosecondNs;
    return queue.clock.wall_ns(ticks, now_ns);
}

void TapSource::receive(PortQueue& queue) {
    queue.looked = true;
    if (queue.empty()) queue.next = queue.count = 0;
    if (!receiving_ || queue.waiting.size() - queue.count < model::kBatchFrames) return;
    std::array<rte_mbuf*, model::kBatchFrames> burst;
    // Before the burst: frames that it misses arrive later.
    now_ns_ = base::wall_clock_ns();
    steady_ns_ = steady_clock_.now_ns();
    if (queue.setup.time_source == TimeSource::device && queue.clock.wants_look(now_ns_)) {
        std::uint64_t ticks = 0;
        if (read_device_clock(queue.setup.port_id, ticks)) queue.clock.look(ticks, now_ns_);
    }
    const std::uint16_t count = rte_eth_rx_burst(queue.setup.port_id, queue_number_, burst.data(), model::kBatchFrames);
    if (count == 0) return;
    const std::size_t first = queue.count;
    for (rte_mbuf* buffer : std::span(burst).first(count)) {
        queue.waiting[queue.count++] = {buffer, time_of(queue, *buffer, now_ns_)};
    }
    queue.round = round_;
    ReceiveCounters& counters = *queue.setup.counters;
    add<std::uint64_t>(counters.frames, count);
    counters.heard_ns.store(steady_ns_, std::memory_order_relaxed);
    if (counters.first_ns.load(std::memory_order_relaxed) == 0) {
        counters.first_ns.store(queue.waiting[first].time_ns, std::memory_order_relaxed);
    }
    const std::int64_t last_ns = queue.waiting[queue.count - 1].time_ns;
    if (last_ns > counters.last_ns.load(std::memory_order_relaxed)) {
        counters.last_ns.store(last_ns, std::memory_order_relaxed);
    }
}

// Orders frames by their times. If two ports of a tap had frames in one round and they have no times of their own, the
// order is unknown: then requests precede answers, and each port keeps its order.
bool TapSource::goes_before(const PortQueue& left, const PortQueue& right) {
    const Waiting& ours = left.waiting[left.next];
    const Waiting& theirs = right.waiting[right.next];
    const bool times_known =
        left.setup.time_source != TimeSource::wall_clock || right.setup.time_source != TimeSource::wall_clock;
    if (times_known || left.setup.tap != right.setup.tap || left.round != right.round) {
        return ours.time_ns < theirs.time_ns;
    }
    return asks(*ours.buffer) && !asks(*theirs.buffer);
}

// Returns the queue with the earliest frame, the first port's at equal times. Polls a file whenever no frame of it
// waits, and a port once per round, so that a busy port does not delay the others.
TapSource::PortQueue* TapSource::earliest() {
    PortQueue* first = nullptr;
    for (PortQueue& queue : queues_) {
        const bool wants = queue.empty() || queue.setup.comes_late;
        if (wants && (!queue.looked || (queue.empty() && queue.setup.plays_file))) receive(queue);
        if (queue.empty()) continue;
        if (first == nullptr || goes_before(queue, *first)) first = &queue;
    }
    return first != nullptr && is_held(*first) ? nullptr : first;
}

bool TapSource::is_held(const PortQueue& queue) const {
    if (!queue.setup.comes_late || !receiving_) return false;
    // A frame of the future is from before the clock was set back.
    if (std::abs(now_ns_ - queue.waiting[queue.next].time_ns) >= kHoldNs) return false;
    return std::any_of(queues_.begin(), queues_.end(),
                       [&](const PortQueue& other) { return other.setup.comes_late && other.empty(); });
}

bool TapSource::join(rte_mbuf& buffer, std::size_t place, model::Frame& frame) {
    frame.captured_length = frame.wire_length = rte_pktmbuf_pkt_len(&buffer);
    frame.data = rte_pktmbuf_mtod(&buffer, const std::uint8_t*);
    if (buffer.nb_segs == 1) return true;
    if (frame.captured_length > kLongestFrame) return false;
    frame.data = static_cast<const std::uint8_t*>(
        rte_pktmbuf_read(&buffer, 0, frame.captured_length, joined_.get() + place * kLongestFrame));
    return frame.data != nullptr;
}

bool TapSource::hand_out(PortQueue& queue, model::FrameBatch& batch) {
    const Waiting waiting = queue.waiting[queue.next];
    base::PacketClock clock = clock_;
    const std::int64_t second_ns = base::floor_to(clock.observe(waiting.time_ns), base::kSecondNs);
    if (batch.count != 0 && second_ns != batch.clock_ns) return false;
    ++queue.next;
    clock_ = clock;
    clock_started_ = true;
    model::Frame frame;
    if (!join(*waiting.buffer, batch.count, frame)) {
        add<std::uint64_t>(queue.setup.counters->unreadable, 1);
        rte_pktmbuf_free(waiting.buffer);
        return true;
    }
    if (queue.setup.cuts_frames && frame.captured_length >= kRingFrameRoom) {
        frame.wire_length = std::max(frame.captured_length, claimed_length(frame.bytes()));
        add<std::uint64_t>(queue.setup.counters->cut_frames, frame.wire_length > frame.captured_length ? 1U : 0U);
    }
    add<std::uint64_t>(queue.setup.counters->bytes, frame.wire_length);
    frame.timestamp_ns = waiting.time_ns;
    frame.order = last_order_ = std::max(model::Order::at_time(steady_ns_), last_order_.next_frame());
    frame.tap = queue.setup.tap;
    frame.port = queue.setup.index;
    frame.handle = waiting.buffer;
    guard_tail(*waiting.buffer);
    batch.clock_ns = second_ns;
    batch.add(frame);
    return true;
}

void TapSource::rest(model::FrameBatch& batch) {
    // A file's clock is its packets' and stops at its end.
    last_order_ = std::max(model::Order::at_time(steady_clock_.now_ns() - kIdleWindowNs), last_order_);
    if (!plays_files_) {
        clock_.observe(base::wall_clock_ns() - kIdleWindowNs);
        clock_started_ = true;
    }
    batch.clock_ns = clock_started_ ? base::floor_to(clock_.now_ns(), base::kSecondNs) : INT64_MIN;
    batch.done = last_order_;
}

PollStatus TapSource::poll(model::FrameBatch& batch) {
    ++round_;
    for (PortQueue& queue : queues_) queue.looked = false;
    while (!batch.full()) {
        PortQueue* queue = earliest();
        if (queue == nullptr || !hand_out(*queue, batch)) break;
    }
    if (batch.count != 0) return PollStatus::frames;
    rest(batch);
    return PollStatus::nothing;
}

void TapSource::release(model::FrameBatch& batch) {
    for (std::size_t i = 0; i < batch.count; ++i) {
        auto* const buffer = static_cast<rte_mbuf*>(batch.frames[i].handle);
        lift_guard(*buffer);
        rte_pktmbuf_free(buffer);
    }
    batch.clear();
}

}  // namespace telltale::capture
