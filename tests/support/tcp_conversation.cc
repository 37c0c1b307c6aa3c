// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tcp_conversation.h"

#include <algorithm>
#include <utility>

namespace telltale::support {
namespace {

constexpr std::size_t kBurst = 10;  // segments in flight: an initial window (RFC 6928)
constexpr std::uint64_t kRetransmissionTimeout = 300'000'000;
constexpr std::uint64_t kMillisecond = 1'000'000;

Side other(Side side) { return side == Side::client ? Side::server : Side::client; }

bool has_timestamps(TcpStyle style) { return style == TcpStyle::linux_like || style == TcpStyle::apple; }

// Returns the header's value: the shift of the SYN applies, which the server mirrors.
std::uint16_t window_of(TcpStyle client) {
    switch (client) {
        case TcpStyle::windows: return 1026;
        case TcpStyle::embedded: return 29200;
        case TcpStyle::apple: return 2058;
        case TcpStyle::linux_like: break;
    }
    return 502;
}

std::vector<std::size_t> segment_ends(std::size_t total, std::size_t mss, std::span<const std::size_t> splits) {
    std::vector<std::size_t> ends;
    std::size_t start = 0;
    while (start < total) {
        std::size_t end = std::min(total, start + mss);
        for (const std::size_t split : splits)
            if (split > start && split < end) end = split;
        ends.push_back(end);
        start = end;
    }
    return ends;
}

}  // namespace

struct TcpConversation::Event {
    std::uint64_t time_ns = 0;
    bool is_ack = false;
    std::size_t start = 0, end = 0;  // of the data; an acknowledgement covers up to end
};

TcpConversation::TcpConversation(FrameSink sink, TcpEnd client, TcpEnd server, std::uint64_t start_ns, Random& random,
                                 TcpTiming timing)
    : sink_(std::move(sink)), timing_(timing), now_(start_ns), start_(start_ns) {
    for (Stream* one : {&client_, &server_}) {
        one->next = static_cast<std::uint32_t>(random.next());
        one->clock = static_cast<std::uint32_t>(random.below(1U << 30));
        one->ip_id = static_cast<std::uint16_t>(random.next());
    }
    client_.end = client;
    server_.end = server;
}

Packet TcpConversation::header(Side from, std::uint64_t time_ns) {
    Stream& sender = stream(from);
    const Stream& receiver = stream(other(from));
    Packet packet;
    packet.at(time_ns).ethernet(sender.end.mac, receiver.end.mac);
    if (vlan_ != 0) packet.vlan(vlan_);
    packet.ip(sender.end.ip, receiver.end.ip).ttl(sender.end.ttl);
    if (!sender.end.ip.v6) packet.ip_id(sender.ip_id++).dont_fragment();
    return packet.tcp(sender.end.port, receiver.end.port).window(window_of(client_.end.style)).seq(sender.next);
}

void TcpConversation::add_clock(Packet& packet, Side from, std::uint64_t time_ns) {
    Stream& sender = stream(from);
    const std::uint32_t value = sender.clock + static_cast<std::uint32_t>((time_ns - start_) / kMillisecond);
    packet.timestamps(value, sender.echo);
    stream(other(from)).echo = value;
}

void TcpConversation::emit(Side from, const Packet& packet) {
    TimedFrame frame = packet.frame();
    frame.side = from;
    frame.label = label_;
    ++frames_;
    sink_(std::move(frame));
}

void TcpConversation::syn_options(Packet& packet, Side from) {
    const auto size = static_cast<std::uint16_t>(client_.end.ip.v6 ? 1440 : 1460);
    switch (client_.end.style) {
        case TcpStyle::linux_like:
            packet.window(65535).mss(size).sack_permitted();
            add_clock(packet, from, now_);
            packet.nop().window_scale(8);
            return;
        case TcpStyle::apple:
            packet.window(65535).mss(size).nop().window_scale(6).nop().nop();
            add_clock(packet, from, now_);
            packet.sack_permitted();
            return;
        case TcpStyle::windows:
            packet.window(64240).mss(size).nop().window_scale(8).nop().nop().sack_permitted();
            return;
        case TcpStyle::embedded: packet.mss(size); return;
    }
}

TcpConversation& TcpConversation::handshake() {
    Packet syn = header(Side::client, now_).syn();
    syn_options(syn, Side::client);
    emit(Side::client, syn);
    ++client_.next;
    server_.received = client_.next;
    now_ += turn_ns(Side::server);
    Packet answer = header(Side::server, now_).syn().ack(server_.received);
    syn_options(answer, Side::server);
    emit(Side::server, answer);
    ++server_.next;
    client_.received = server_.next;
    now_ += turn_ns(Side::client);
    acknowledge(Side::client, now_, server_.next);
    now_ += timing_.segment_gap_ns;
    last_ = Side::client;
    return *this;
}

void TcpConversation::acknowledge(Side by, std::uint64_t time_ns, std::uint32_t upto) {
    stream(by).received = upto;
    Packet packet = header(by, time_ns).ack(upto);
    if (has_timestamps(client_.end.style)) {
        packet.nop().nop();
        add_clock(packet, by, time_ns);
    }
    emit(by, packet);
}

// The peer of the last sender acknowledges what it still owes.
void TcpConversation::settle() {
    if (!owes_ack_) return;
    owes_ack_ = false;
    const Side peer = other(last_);
    now_ += turn_ns(peer);
    acknowledge(peer, now_, stream(last_).next);
    now_ += timing_.segment_gap_ns;
}

// Returns when `side` may send: immediately after its own data, after a round trip if the peer sent last.
std::uint64_t TcpConversation::take_turn(Side side) {
    if (last_ == side) {
        settle();
    } else {
        now_ += turn_ns(side);
        owes_ack_ = false;
        stream(side).received = stream(last_).next;
    }
    last_ = side;
    return now_;
}

void TcpConversation::burst(Side from, std::span<const std::uint8_t> bytes, std::size_t start,
                            std::span<const std::size_t> ends, bool last) {
    const Side peer = other(from);
    const std::uint32_t base = stream(from).next;
    const std::size_t origin = start;
    std::vector<Event> events;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const std::uint64_t time = now_ + i * timing_.segment_gap_ns;
        events.push_back({time, false, start, ends[i]});
        start = ends[i];
        const bool final_one = i + 1 == ends.size();
        if ((i % 2 == 1 && !final_one) || (final_one && !last)) {
            events.push_back({time + turn_ns(peer), true, origin, ends[i]});
        }
    }
    if (reorder_ && events.size() > 1 && !events[1].is_ack) std::swap(events[0].time_ns, events[1].time_ns);
    reorder_ = false;
    if (retransmit_ && last) {
        Event again = events.back();
        again.time_ns += kRetransmissionTimeout;
        events.push_back(again);
        retransmit_ = false;
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.time_ns < b.time_ns; });
    for (const Event& event : events) {
        if (event.is_ack) {
            acknowledge(peer, event.time_ns, base + static_cast<std::uint32_t>(event.end - origin));
            continue;
        }
        Packet packet = header(from, event.time_ns).seq(base + static_cast<std::uint32_t>(event.start - origin));
        packet.ack(stream(from).received);
        if (event.end == bytes.size()) packet.psh();
        if (has_timestamps(client_.end.style)) {
            packet.nop().nop();
            add_clock(packet, from, event.time_ns);
        }
        emit(from, packet.payload(bytes.subspan(event.start, event.end - event.start)));
    }
    stream(from).next = base + static_cast<std::uint32_t>(start - origin);
    now_ = events.back().time_ns;
}

void TcpConversation::data(Side from, std::span<const std::uint8_t> bytes, std::span<const std::size_t> splits) {
    if (bytes.empty()) return;
    take_turn(from);
    const std::vector<std::size_t> ends = segment_ends(bytes.size(), mss_, splits);
    std::size_t start = 0;
    for (std::size_t i = 0; i < ends.size(); i += kBurst) {
        const std::size_t count = std::min(kBurst, ends.size() - i);
        burst(from, bytes, start, std::span(ends).subspan(i, count), i + count == ends.size());
        start = ends[i + count - 1];
        if (i + count < ends.size()) now_ += timing_.segment_gap_ns;
    }
    owes_ack_ = true;
}

TcpConversation& TcpConversation::client_sends(std::span<const std::uint8_t> bytes,
                                               std::span<const std::size_t> splits) {
    data(Side::client, bytes, splits);
    return *this;
}

TcpConversation& TcpConversation::server_sends(std::span<const std::uint8_t> bytes,
                                               std::span<const std::size_t> splits) {
    data(Side::server, bytes, splits);
    return *this;
}

TcpConversation& TcpConversation::wait(std::uint64_t pause_ns) {
    settle();
    now_ += pause_ns;
    return *this;
}

TcpConversation& TcpConversation::resume_at(std::uint64_t time_ns) {
    settle();
    now_ = std::max(now_, time_ns);
    return *this;
}

TcpConversation& TcpConversation::close(Side first) {
    for (const Side side : {first, other(first)}) {
        take_turn(side);
        Packet packet = header(side, now_).fin().ack(stream(side).received);
        if (has_timestamps(client_.end.style)) {
            packet.nop().nop();
            add_clock(packet, side, now_);
        }
        emit(side, packet);
        ++stream(side).next;
    }
    owes_ack_ = true;
    settle();
    return *this;
}

TcpConversation& TcpConversation::reset(Side from) {
    take_turn(from);
    emit(from, header(from, now_).rst().ack(stream(from).received));
    return *this;
}

}  // namespace telltale::support
