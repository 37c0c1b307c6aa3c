// SPDX-License-Identifier: Apache-2.0
#include "sensor/track/stream_assembler.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace telltale::track {

using base::Bytes;

std::uint32_t StreamAssembler::Buffer::in_order() const {
    return range_count != 0 && ranges[0].begin == 0 ? std::min(ranges[0].end, cut_at) : 0;
}

StreamAssembler::StreamAssembler(std::uint32_t buffers, std::uint32_t buffer_bytes)
    : capacity_(std::max<std::uint32_t>(buffer_bytes, 1)),
      buffers_(std::min<std::uint32_t>(buffers, StreamState::kNoBuffer)),
      storage_(new std::uint8_t[buffers_.size() * capacity_]),
      lists_(static_cast<std::uint32_t>(buffers_.size()), kListCount) {
    for (std::uint32_t i = 0; i < buffers_.size(); ++i) lists_.push_back(kFree, i);
}

void StreamAssembler::begin(StreamState& state, std::uint32_t syn_sequence) {
    // A base without bytes may be moved: an answer's acknowledgement said it before, or the SYN came twice.
    if (state.phase == StreamPhase::unknown || (state.phase == StreamPhase::open && !state.moved)) {
        state.base = syn_sequence + 1;
        state.phase = StreamPhase::open;
    }
}

Bytes StreamAssembler::offer(StreamState& state, const model::PacketView& packet) {
    if (state.stopped()) return {};
    std::uint32_t sequence = packet.tcp_sequence;
    if ((packet.tcp_flags & model::kTcpSyn) != 0) {
        begin(state, sequence);
        ++sequence;
    }
    return offer(state, sequence, packet.payload, packet.payload_length);
}

Bytes StreamAssembler::offer(StreamState& state, std::uint32_t sequence, Bytes payload, std::uint32_t wire_length) {
    if (state.stopped()) return {};
    state.cut = false;
    whole_ = {};
    wire_length = std::max(wire_length, static_cast<std::uint32_t>(payload.size()));
    if (wire_length == 0) return {};
    if (state.phase == StreamPhase::unknown) {
        state.base = sequence;
        state.phase = StreamPhase::open;
    }
    std::uint32_t ahead = sequence - state.base;
    if (ahead >= 0x80000000U) {  // it begins before the message
        const std::uint32_t old = state.base - sequence;
        if (old >= wire_length) {
            ++counters_.segments_repeated;
            return {};
        }
        payload = payload.subspan(std::min<std::size_t>(old, payload.size()));
        wire_length -= old;
        ahead = 0;
    }
    const bool nothing_yet = state.phase == StreamPhase::open || buffers_[state.buffer].in_order() == 0;
    if (ahead >= capacity_) {
        if (!nothing_yet || ahead >= kMaxJump) {
            ++counters_.segments_ahead;
            return {};
        }
        ++counters_.gaps;
        release_buffer(state);
        state.base = sequence;
        return offer_whole(state, payload, wire_length);
    }
    if (state.phase == StreamPhase::open) {
        if (ahead == 0) return offer_whole(state, payload, wire_length);
        if (!take_buffer(state)) return {};
    }
    return offer_buffered(state, ahead, payload, wire_length);
}

Bytes StreamAssembler::offer_whole(StreamState& state, Bytes payload, std::uint32_t wire_length) {
    state.moved = true;
    if (payload.empty()) {
        state.base += wire_length;
        ++counters_.gaps;
        return {};
    }
    state.cut = payload.size() < wire_length;
    whole_ = payload;
    whole_wire_length_ = wire_length;
    return payload;
}

Bytes StreamAssembler::offer_buffered(StreamState& state, std::uint32_t offset, Bytes payload,
                                      std::uint32_t wire_length) {
    Buffer& buffer = buffers_[state.buffer];
    if (payload.size() < wire_length) {
        const std::uint32_t at = offset + static_cast<std::uint32_t>(payload.size());
        if (at < buffer.cut_at) {
            buffer.cut_at = at;
            buffer.cut_end = offset + wire_length;
        }
    }
    if (payload.size() > capacity_ - offset) payload = payload.first(capacity_ - offset);
    if (!payload.empty() && !place(buffer, offset, payload)) {
        ++counters_.segments_scattered;
        return {};
    }
    const std::uint32_t in_order = buffer.in_order();
    const bool cut = in_order != 0 && in_order == buffer.cut_at;
    if (!cut && (in_order <= buffer.offered || in_order < buffer.wanted)) return {};
    buffer.offered = in_order;
    state.cut = cut;
    return {data(buffer), in_order};
}

void StreamAssembler::keep(StreamState& state, std::size_t wanted) {
    if (state.phase != StreamPhase::open && state.phase != StreamPhase::collecting) return;
    const bool collecting = state.phase == StreamPhase::collecting;
    const std::size_t have = collecting ? buffers_[state.buffer].offered : whole_.size();
    if (have == 0) return;
    if (state.cut || have >= capacity_) {
        ++(state.cut ? counters_.messages_cut : counters_.messages_too_long);
        stop(state);
        return;
    }
    if (!collecting) {
        if (!take_buffer(state)) return;
        place(buffers_[state.buffer], 0, whole_);
        buffers_[state.buffer].offered = static_cast<std::uint32_t>(have);
    }
    buffers_[state.buffer].wanted = static_cast<std::uint32_t>(std::min<std::size_t>(wanted, capacity_));
}

void StreamAssembler::consume(StreamState& state, std::size_t size) {
    if (state.phase == StreamPhase::collecting) {
        Buffer& buffer = buffers_[state.buffer];
        drop_front(state, buffer, static_cast<std::uint32_t>(std::min<std::size_t>(size, buffer.offered)));
        return;
    }
    if (state.phase != StreamPhase::open) return;
    const auto taken = static_cast<std::uint32_t>(std::min(size, whole_.size()));
    whole_ = whole_.subspan(taken);
    whole_wire_length_ -= taken;
    state.base += taken;
    if (whole_.empty() && state.cut) state.base += whole_wire_length_;
}

void StreamAssembler::consume_all(StreamState& state) { consume(state, capacity_ + whole_.size()); }

void StreamAssembler::stop(StreamState& state) {
    release_buffer(state);
    state.phase = StreamPhase::stopped;
}

bool StreamAssembler::take_buffer(StreamState& state) {
    std::uint32_t index = lists_.front(kFree);
    if (index == base::kNoIndex) {
        const std::uint32_t oldest = lists_.front(kTaken);
        if (oldest == base::kNoIndex) {
            ++counters_.streams_without_buffer;
            stop(state);
            return false;
        }
        ++counters_.buffers_reclaimed;
        stop(*buffers_[oldest].owner);
        index = oldest;
    }
    lists_.remove(index);
    lists_.push_back(kTaken, index);
    buffers_[index] = Buffer{};
    buffers_[index].owner = &state;
    state.buffer = static_cast<std::uint16_t>(index);
    state.phase = StreamPhase::collecting;
    state.moved = true;
    ++counters_.buffers_taken;
    ++counters_.messages_buffered;
    return true;
}

void StreamAssembler::release_buffer(StreamState& state) {
    if (state.buffer == StreamState::kNoBuffer) return;
    lists_.remove(state.buffer);
    lists_.push_front(kFree, state.buffer);
    state.buffer = StreamState::kNoBuffer;
    state.phase = StreamPhase::open;
    --counters_.buffers_taken;
}

bool StreamAssembler::place(Buffer& buffer, std::uint32_t offset, Bytes payload) {
    const std::uint32_t end = offset + static_cast<std::uint32_t>(payload.size());
    // The ranges [first, last) overlap or touch the new bytes and become one with them.
    std::uint32_t first = 0;
    while (first < buffer.range_count && buffer.ranges[first].end < offset) ++first;
    std::uint32_t last = first;
    while (last < buffer.range_count && buffer.ranges[last].begin <= end) ++last;
    if (first == last && buffer.range_count == kMaxRanges) return false;

    make_room(buffer, end);
    fill(buffer, first, last, offset, payload);
    Range merged{offset, end};
    if (first != last) {
        merged.begin = std::min(offset, buffer.ranges[first].begin);
        merged.end = std::max(end, buffer.ranges[last - 1].end);
    }
    const auto ranges = buffer.ranges.begin();
    if (first == last) {
        std::copy_backward(ranges + first, ranges + buffer.range_count, ranges + buffer.range_count + 1);
        ++buffer.range_count;
    } else {
        std::copy(ranges + last, ranges + buffer.range_count, ranges + first + 1);
        buffer.range_count -= last - first - 1;
    }
    buffer.ranges[first] = merged;
    return true;
}

void StreamAssembler::fill(Buffer& buffer, std::uint32_t first, std::uint32_t last, std::uint32_t offset,
                           Bytes payload) {
    const std::uint32_t end = offset + static_cast<std::uint32_t>(payload.size());
    std::uint8_t* const message = data(buffer);
    std::uint32_t at = offset;
    bool fresh = false;
    bool different = false;
    const auto copy_to = [&](std::uint32_t until) {
        if (at >= until) return;
        std::memcpy(message + at, payload.data() + (at - offset), until - at);
        at = until;
        fresh = true;
    };
    for (std::uint32_t i = first; i < last; ++i) {
        const Range& range = buffer.ranges[i];
        copy_to(std::min(range.begin, end));
        const std::uint32_t until = std::min(range.end, end);
        if (at >= until) continue;
        different |= std::memcmp(message + at, payload.data() + (at - offset), until - at) != 0;
        at = until;
    }
    copy_to(end);
    if (!fresh) ++counters_.segments_repeated;
    if (different) ++counters_.overlaps_different;
}

void StreamAssembler::make_room(Buffer& buffer, std::uint32_t end) {
    if (buffer.start + end <= capacity_) return;
    const std::uint32_t used = buffer.range_count == 0 ? 0 : buffer.ranges[buffer.range_count - 1].end;
    std::uint8_t* const from = data(buffer);
    buffer.start = 0;
    std::memmove(data(buffer), from, used);
}

void StreamAssembler::drop_front(StreamState& state, Buffer& buffer, std::uint32_t size) {
    if (size == 0) return;
    state.base += size;
    buffer.start += size;
    buffer.offered -= size;
    buffer.wanted = 0;
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < buffer.range_count; ++i) {
        const Range range = buffer.ranges[i];
        if (range.end <= size) continue;
        buffer.ranges[kept++] = {range.begin < size ? 0 : range.begin - size, range.end - size};
    }
    buffer.range_count = kept;
    if (buffer.cut_at != kNoCut) {
        buffer.cut_at -= size;
        buffer.cut_end -= size;
        if (buffer.cut_at == 0) {  // what the capture left out is passed over
            state.base += buffer.cut_end;
            buffer.range_count = 0;
        }
    }
    if (buffer.range_count == 0) release_buffer(state);
}

std::uint8_t* StreamAssembler::data(const Buffer& buffer) {
    const auto index = static_cast<std::size_t>(&buffer - buffers_.data());
    return storage_.get() + index * capacity_ + buffer.start;
}

}  // namespace telltale::track
