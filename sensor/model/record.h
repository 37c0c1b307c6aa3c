// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "sensor/base/byte_reader.h"
#include "sensor/model/addresses.h"
#include "sensor/model/field.h"
#include "sensor/model/flow_key.h"
#include "sensor/model/order.h"

namespace telltale::model {

// Kinds of records: X(kind, name in observations or "", help). Records and counters are the only things that leave a
// worker.
#define TELLTALE_RECORD_KINDS(X)                                                                           \
    X(flow_start, "", "a flow was opened; before every other record of the flow")                          \
    X(flow_unnamed, "", "the first bytes are read and hold no name: no more evidence will come from them") \
    X(flow_delta, "flow", "FlowDelta: what is not yet reported; with `final` the flow is closed")          \
    X(sender, "device", "a MAC address sent a frame (once while the worker remembers it)")                 \
    X(arp, "arp", "a MAC address says that it has an IP address")                                          \
    X(ndp, "ndp", "one message of IPv6 neighbour discovery")                                               \
    X(dns, "dns", "one message")                                                                           \
    X(mdns, "mdns", "one message of multicast DNS")                                                        \
    X(llmnr, "llmnr", "one message")                                                                       \
    X(nbns, "nbns", "one message of NetBIOS's name service")                                               \
    X(dhcp, "dhcp", "one message")                                                                         \
    X(dhcpv6, "dhcpv6", "one message")                                                                     \
    X(tls, "tls", "one ClientHello")                                                                       \
    X(tls_server, "tls_server", "one ServerHello, with the certificate where it is in clear")              \
    X(dtls, "dtls", "one ClientHello over datagrams")                                                      \
    X(openvpn, "openvpn", "one start of a session, with the ClientHello where it is in clear")             \
    X(quic, "quic", "one ClientHello in QUIC")                                                             \
    X(gquic, "gquic", "one client hello of Google's QUIC")                                                 \
    X(http, "http", "one request")                                                                         \
    X(http2, "http2", "one request of HTTP/2 in clear")                                                    \
    X(ssdp, "ssdp", "one message")                                                                         \
    X(lldp, "lldp", "one announcement")                                                                    \
    X(cdp, "cdp", "one announcement")                                                                      \
    X(tcp_syn, "tcp_syn", "how a TCP connection is opened")                                                \
    X(ssh, "ssh", "one identification")                                                                    \
    X(mqtt, "mqtt", "one CONNECT")                                                                         \
    X(coap, "coap", "one request")                                                                         \
    X(xmpp, "xmpp", "one stream header")                                                                   \
    X(mipush, "mipush", "one message of the push service of Xiaomi's phones")                              \
    X(miio, "miio", "one message of Xiaomi's home devices")                                                \
    X(tuya, "tuya", "one announcement of a Tuya device")                                                   \
    X(stun, "stun", "one message")                                                                         \
    X(interval_end, "", "the worker has reported all bytes before `time_ns`; no flow")

enum class RecordKind : std::uint8_t {
#define X(kind, observation, help) kind,
    TELLTALE_RECORD_KINDS(X)
#undef X
};
inline constexpr std::size_t kRecordKindCount = 0
#define X(kind, observation, help) +1
    TELLTALE_RECORD_KINDS(X)
#undef X
    ;
std::string_view to_string(RecordKind kind);
// Its name in observations; empty: observations leave it out.
std::string_view observation_name(RecordKind kind);

inline constexpr std::size_t kMaxRecordBytes = 4096;
inline constexpr std::size_t kMaxRecordSignatures = 8;
// A field in a record: u16 field, u16 size, then the value; not aligned.
inline constexpr std::size_t kFieldHead = 4;
// Size with padding, so that the next record begins where a header may.
constexpr std::size_t padded_record(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

// A record's fixed part; packed fields follow it. Trivially copyable: it travels as bytes.
struct RecordHeader {
    std::uint32_t size = 0;  // of the whole record, header included
    RecordKind kind = RecordKind::flow_start;
    bool truncated = false;  // a field did not fit, or the message was cut in the capture
    std::uint8_t signature_count = 0;
    Direction direction = Direction::a_to_b;  // of the packet: who says it
    Order order;                              // of the frame or clock step that caused it: the merge key
    std::int64_t time_ns = 0;                 // packet time
    FlowRef flow;
    std::uint32_t generation = 0;                                  // which activated bundle the signatures are of
    std::array<std::uint32_t, kMaxRecordSignatures> signatures{};  // signatures::SignatureId, most specific first
    FlowKey key;
    MacAddress source_mac;  // of the packet
    MacAddress destination_mac;
    std::array<std::uint16_t, 2> vlan{};
    std::uint8_t vlan_count = 0;
    std::uint8_t ttl = 0;
    std::uint8_t zero[2] = {};

    [[nodiscard]] const IpAddress& source() const { return direction == Direction::a_to_b ? key.a : key.b; }
    [[nodiscard]] const IpAddress& destination() const { return direction == Direction::a_to_b ? key.b : key.a; }
    [[nodiscard]] std::uint16_t source_port() const { return direction == Direction::a_to_b ? key.port_a : key.port_b; }
    [[nodiscard]] std::uint16_t destination_port() const {
        return direction == Direction::a_to_b ? key.port_b : key.port_a;
    }
};

// The body of a flow_delta. Index 0 is direction a_to_b, 1 b_to_a. Bytes are IP lengths. The deltas of a flow add up to
// its total; times cover the delta.
struct FlowDelta {
    std::array<std::uint64_t, 2> packets{};
    std::array<std::uint64_t, 2> bytes{};
    std::array<std::uint64_t, 2> payload_bytes{};
    std::int64_t first_ns = 0;
    std::int64_t last_ns = 0;
    std::int64_t interval_start_ns = 0;  // the ledger interval that these bytes belong to
    std::uint8_t tcp_flags = 0;          // all that were seen, both directions
    bool final = false;
    std::uint8_t zero[6] = {};
};

// One record as bytes, borrowed, at an address for its header (alignof(RecordHeader)). Built by RecordWriter in this
// process, so its header is trusted; fields are not believed beyond the record's size.
class RecordView {
  public:
    explicit RecordView(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
        assert(reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(RecordHeader) == 0);
    }

    [[nodiscard]] const RecordHeader& header() const { return *reinterpret_cast<const RecordHeader*>(bytes_.data()); }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }

    // The first field of this name; empty if absent (has() distinguishes absent from empty).
    [[nodiscard]] base::Bytes field(Field field) const;
    [[nodiscard]] std::string_view text(Field field) const { return base::as_text(this->field(field)); }
    [[nodiscard]] bool has(Field field) const;
    // An integer of 1 to 8 bytes; 0 when absent.
    [[nodiscard]] std::uint64_t number(Field field) const;
    [[nodiscard]] FlowDelta flow_delta() const;

    // Calls visit(Field, Bytes) for every field, in order.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        std::size_t at = sizeof(RecordHeader);
        Field field{};
        base::Bytes value;
        while (next(at, field, value)) visit(field, value);
    }

  private:
    bool next(std::size_t& at, Field& field, base::Bytes& value) const {
        if (at + kFieldHead > bytes_.size()) return false;
        std::uint16_t head[2];
        std::memcpy(head, bytes_.data() + at, sizeof head);
        at += kFieldHead;
        if (head[0] >= kFieldCount || head[1] > bytes_.size() - at) return false;
        field = static_cast<Field>(head[0]);
        value = bytes_.subspan(at, head[1]);
        at += head[1];
        return true;
    }

    std::span<const std::uint8_t> bytes_;
};

// The records of one batch, back to back in storage that is allocated once. Owned by a worker.
class RecordBuffer {
  public:
    explicit RecordBuffer(std::size_t capacity_bytes);

    void clear() { used_ = 0; }
    [[nodiscard]] bool empty() const { return used_ == 0; }
    [[nodiscard]] std::size_t left() const { return capacity_ - used_; }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {storage_.get(), used_}; }

    // Calls visit(std::span<std::uint8_t> record) for every record from the byte `start` on, in order; the header may
    // be changed in place. `start`: 0, or the size of bytes() at an earlier time since clear().
    template <typename Visit>
    void for_each(Visit&& visit, std::size_t start = 0) {
        for (std::size_t at = start; at < used_;) {
            std::uint32_t size = 0;
            std::memcpy(&size, storage_.get() + at, sizeof size);
            visit(std::span<std::uint8_t>(storage_.get() + at, size));
            at += padded_record(size);
        }
    }

  private:
    friend class RecordWriter;

    std::size_t capacity_;
    std::size_t used_ = 0;
    std::unique_ptr<std::uint8_t[]> storage_;
};

// Writes one record at a buffer's end. Nothing is kept unless commit() succeeds; without room for a whole record
// (kMaxRecordBytes) ok() is false and commit() fails, which the caller counts.
class RecordWriter {
  public:
    RecordWriter(RecordBuffer& buffer, const RecordHeader& header);

    [[nodiscard]] bool ok() const { return ok_; }
    // A field that does not fit is left out (text and bytes are cut to what fits) and the record marked truncated.
    RecordWriter& put(Field field, base::Bytes value);
    RecordWriter& put(Field field, std::string_view value) { return put(field, base::as_bytes(value)); }
    RecordWriter& put_number(Field field, std::uint64_t value);
    RecordWriter& put_flow_delta(const FlowDelta& delta);
    void mark_truncated() { header_.truncated = true; }
    // Bytes that fields may still take.
    [[nodiscard]] std::size_t room() const { return kMaxRecordBytes - size_; }
    [[nodiscard]] bool truncated() const { return header_.truncated; }
    bool commit();

  private:
    RecordBuffer& buffer_;
    RecordHeader header_;
    std::uint8_t* start_ = nullptr;
    std::size_t size_ = sizeof(RecordHeader);
    bool ok_ = false;
};

}  // namespace telltale::model
