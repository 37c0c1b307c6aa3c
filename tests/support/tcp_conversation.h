// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "tests/support/addresses.h"
#include "tests/support/packet_builder.h"
#include "tests/support/random.h"

namespace telltale::support {

using FrameSink = std::function<void(TimedFrame&&)>;

// How a stack fills its SYN and which window it offers.
enum class TcpStyle : std::uint8_t { linux_like, apple, windows, embedded };

struct TcpEnd {
    Mac mac;  // as seen at the capture point: for a host beyond it, the gateway's
    Ip ip;
    std::uint16_t port = 0;
    TcpStyle style = TcpStyle::linux_like;
    std::uint8_t ttl = 64;  // as seen at the capture point
};

struct TcpTiming {
    std::uint64_t rtt_ns = 30'000'000;  // capture point to server and back; the client is near
    std::uint64_t client_ns = 300'000;  // capture point to client and back
    std::uint64_t segment_gap_ns = 40'000;
};

// Writes the Ethernet frames of one TCP conversation, seen near the client: handshake, data in segments of at most the
// MSS, acknowledgements (every second segment, the last one on the peer's data where that follows), end. Sequence and
// acknowledgement numbers, windows and times are those of two correct stacks, so that an analyser warns only of what
// retransmit_next and reorder_next cause.
//
// The frames of one conversation are emitted in order of time. The sink must outlive the conversation.
class TcpConversation {
  public:
    TcpConversation(FrameSink sink, TcpEnd client, TcpEnd server, std::uint64_t start_ns, Random& random,
                    TcpTiming timing = {});

    TcpConversation& vlan(std::uint16_t id) { return vlan_ = id, *this; }  // 0: untagged
    TcpConversation& mss(std::size_t octets) { return mss_ = octets, *this; }
    TcpConversation& label(std::uint32_t value) { return label_ = value, *this; }

    TcpConversation& handshake();
    // `splits` are offsets at which a segment ends, besides the MSS.
    TcpConversation& client_sends(std::span<const std::uint8_t> bytes, std::span<const std::size_t> splits = {});
    TcpConversation& server_sends(std::span<const std::uint8_t> bytes, std::span<const std::size_t> splits = {});
    TcpConversation& wait(std::uint64_t pause_ns);      // owed acknowledgements are sent first
    TcpConversation& resume_at(std::uint64_t time_ns);  // continues then, or now if that is past
    // Retransmits the last segment of the next data after a timeout.
    TcpConversation& retransmit_next() { return retransmit_ = true, *this; }
    // Swaps the first two segments of the next data, if there are two.
    TcpConversation& reorder_next() { return reorder_ = true, *this; }
    TcpConversation& close(Side first = Side::client);  // FIN from both
    TcpConversation& reset(Side from = Side::client);

    std::uint64_t now_ns() const { return now_; }
    std::uint64_t frames() const { return frames_; }

  private:
    struct Stream {
        TcpEnd end;
        std::uint32_t next = 0;      // sequence number of the next octet
        std::uint32_t received = 0;  // what this end acknowledges
        std::uint32_t clock = 0;     // timestamp option's value at start
        std::uint32_t echo = 0;
        std::uint16_t ip_id = 0;
    };
    struct Event;  // a segment or an acknowledgement of a burst

    Stream& stream(Side side) { return side == Side::client ? client_ : server_; }
    // From a packet of the peer at the capture point to the reaction of `side`.
    std::uint64_t turn_ns(Side side) const { return side == Side::client ? timing_.client_ns : timing_.rtt_ns; }
    std::uint64_t take_turn(Side side);
    Packet header(Side from, std::uint64_t time_ns);
    void add_clock(Packet& packet, Side from, std::uint64_t time_ns);
    void syn_options(Packet& packet, Side from);
    void emit(Side from, const Packet& packet);
    void acknowledge(Side by, std::uint64_t time_ns, std::uint32_t upto);
    void settle();
    void data(Side from, std::span<const std::uint8_t> bytes, std::span<const std::size_t> splits);
    void burst(Side from, std::span<const std::uint8_t> bytes, std::size_t start, std::span<const std::size_t> ends,
               bool last);

    FrameSink sink_;
    Stream client_, server_;
    TcpTiming timing_;
    std::uint64_t now_;
    std::uint64_t start_;
    std::size_t mss_ = 1400;
    std::uint16_t vlan_ = 0;
    std::uint32_t label_ = 0;
    std::uint64_t frames_ = 0;
    Side last_ = Side::client;
    bool owes_ack_ = false;  // the peer of last_ has not acknowledged all
    bool retransmit_ = false, reorder_ = false;
};

}  // namespace telltale::support
