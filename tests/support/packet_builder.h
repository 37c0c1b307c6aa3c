// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/support/addresses.h"
#include "tests/support/bytes.h"

namespace telltale::support {

// LINKTYPE_ values of a capture file (https://www.tcpdump.org/linktypes.html).
enum class LinkType : std::uint16_t { null_loopback = 0, ethernet = 1, raw = 101, linux_sll = 113, linux_sll2 = 276 };

// Which end of a conversation sent a frame; `client` for single packets.
enum class Side : std::uint8_t { client, server };

// A packet with its time, for capture writers. `wire_length` exceeds the size of `bytes` if the packet was cut.
struct TimedFrame {
    std::uint64_t time_ns = 0;  // since 1970-01-01 UTC
    Bytes bytes;
    std::uint32_t wire_length = 0;
    std::uint32_t ip_length = 0;  // from the outermost IP header on; 0 without IP
    Side side = Side::client;
    std::uint32_t label = 0;  // free for the caller
};

namespace layer {

struct Null {};
struct Cooked {
    std::uint16_t packet_type = 0;
    Mac source;
    std::optional<std::uint16_t> ether_type;
    bool version2 = false;
};
struct Ethernet {
    Mac source, destination;
    std::optional<std::uint16_t> ether_type;
};
struct Vlan {
    std::uint16_t tpid = 0x8100, tci = 0;
    std::optional<std::uint16_t> ether_type;
};
struct Arp {
    std::uint16_t operation = 1;
    Mac sender_mac;
    Ip sender_ip;
    Mac target_mac;
    Ip target_ip;
};
struct Ipv4 {
    Ip source, destination;
    std::uint8_t ttl = 64, tos = 0;
    std::uint16_t id = 0, fragment = 0;  // fragment: flags and offset as on the wire
    Bytes options;
    std::optional<std::uint8_t> protocol, version, header_words;
    std::optional<std::uint16_t> total_length, checksum;
};
struct Ipv6 {
    Ip source, destination;
    std::uint8_t hop_limit = 64, traffic_class = 0;
    std::uint32_t flow_label = 0;
    std::optional<std::uint8_t> next_header, version;
    std::optional<std::uint16_t> payload_length;
};
struct Ipv6Extension {
    std::uint8_t type = 0;
    Bytes body;  // what follows the next-header octet, the length octet included
    std::optional<std::uint8_t> next_header;
};
struct Tcp {
    std::uint16_t source = 0, destination = 0;
    std::uint32_t seq = 0, ack = 0;
    std::uint8_t flags = 0;
    std::uint16_t window = 65535, urgent = 0;
    Bytes options;
    std::optional<std::uint8_t> data_offset;
    std::optional<std::uint16_t> checksum;
};
struct Udp {
    std::uint16_t source = 0, destination = 0;
    std::optional<std::uint16_t> length, checksum;
};
struct Icmp {
    bool v6 = false;
    std::uint8_t type = 0, code = 0;
    std::uint32_t rest = 0;
    std::optional<std::uint16_t> checksum;
};

using Any = std::variant<Null, Cooked, Ethernet, Vlan, Arp, Ipv4, Ipv6, Ipv6Extension, Tcp, Udp, Icmp>;

}  // namespace layer

// Builds one packet from the outside in:
//
//     Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").vlan(10).ipv4("10.0.0.1", "192.0.2.7").ttl(63)
//         .tcp(40000, 443).seq(1).syn().mss(1460).sack_permitted().window_scale(7).bytes();
//
// Every call appends a layer or sets a field of the last layer that has it (std::logic_error if no layer has it).
// Lengths, types and checksums are right by default; each can be set to a wrong value on purpose. IP layers may follow
// each other (tunnels). A packet without link layer is raw IP. A value: copy it to make variants.
class Packet {
  public:
    // Link layers.
    Packet& ethernet(Mac source, Mac destination);
    Packet& vlan(std::uint16_t id, std::uint8_t priority = 0);
    Packet& qinq(std::uint16_t outer_id, std::uint16_t inner_id);  // 0x88a8 and 0x8100
    Packet& raw() { return *this; }
    Packet& null_loopback();  // address family in host order of a little-endian machine: 2, or 30 for IPv6
    Packet& cooked(Mac source, std::uint16_t packet_type = 0);
    Packet& cooked_v2(Mac source, std::uint16_t packet_type = 0);
    Packet& ether_type(std::uint16_t type);  // of the last link layer or tag
    Packet& tpid(std::uint16_t type);        // of the last tag

    Packet& arp_request(Mac sender, Ip sender_ip, Ip target_ip);
    Packet& arp_reply(Mac sender, Ip sender_ip, Mac target, Ip target_ip);

    // IP. The version follows the addresses in ip().
    Packet& ip(Ip source, Ip destination);
    Packet& ipv4(Ip source, Ip destination);
    Packet& ipv6(Ip source, Ip destination);
    Packet& ttl(std::uint8_t hops);   // or hop limit
    Packet& tos(std::uint8_t value);  // or traffic class
    Packet& flow_label(std::uint32_t label);
    Packet& ip_id(std::uint16_t id);
    Packet& dont_fragment();
    Packet& fragment(std::uint16_t offset_octets, bool more);  // IPv4; for IPv6 use fragment_header
    Packet& ip_options(Bytes options);                         // padded to 4 octets with end-of-list
    Packet& ip_protocol(std::uint8_t protocol);                // or next header; of the last IP or extension header
    Packet& ip_version(std::uint8_t version);
    Packet& ip_header_words(std::uint8_t words);
    Packet& ip_total_length(std::uint16_t length);  // IPv6: payload length
    Packet& ip_checksum(std::uint16_t checksum);

    // IPv6 extension headers; `body` follows next header and length and is padded to 8 octets with PadN.
    Packet& hop_by_hop(Bytes body = {});
    Packet& destination_options(Bytes body = {});
    Packet& routing(Bytes body);
    Packet& fragment_header(std::uint16_t offset_octets, bool more, std::uint32_t id);
    Packet& extension(std::uint8_t type, Bytes header_from_length_octet);

    // Transport.
    Packet& tcp(std::uint16_t source, std::uint16_t destination);
    Packet& seq(std::uint32_t number);
    Packet& ack(std::uint32_t number);  // sets the flag too
    Packet& syn() { return flags_or(0x02); }
    Packet& fin() { return flags_or(0x01); }
    Packet& rst() { return flags_or(0x04); }
    Packet& psh() { return flags_or(0x08); }
    Packet& tcp_flags(std::uint8_t flags);
    Packet& window(std::uint16_t size);
    Packet& mss(std::uint16_t size);
    Packet& sack_permitted();
    Packet& window_scale(std::uint8_t shift);
    Packet& timestamps(std::uint32_t value, std::uint32_t echo);
    Packet& nop();
    Packet& tcp_option(std::uint8_t kind, Bytes data);  // kind, length, data
    Packet& tcp_options(Bytes raw);                     // as given; padded to 4 octets with end-of-list
    Packet& data_offset(std::uint8_t words);
    Packet& udp(std::uint16_t source, std::uint16_t destination);
    Packet& udp_length(std::uint16_t length);
    Packet& transport_checksum(std::uint16_t checksum);                              // 0 for UDP: none
    Packet& icmp(std::uint8_t type, std::uint8_t code = 0, std::uint32_t rest = 0);  // version of the last IP layer
    Packet& icmp_echo(std::uint16_t id, std::uint16_t sequence, bool reply = false);

    Packet& payload(std::span<const std::uint8_t> bytes);
    Packet& payload(std::string_view text);
    Packet& pad_frame_to(std::size_t size);  // zeros after the packet, as Ethernet does up to 60
    Packet& at(std::uint64_t time_ns);

    LinkType link_type() const;
    Bytes bytes() const;
    // `snap` cuts the bytes and keeps the wire length.
    TimedFrame frame(std::size_t snap = SIZE_MAX) const;

  private:
    template <typename Layer>
    Layer& last();
    template <typename Layer>
    Layer* last_or_null();
    Packet& flags_or(std::uint8_t flags);

    std::vector<layer::Any> layers_;
    Bytes payload_;
    std::size_t pad_to_ = 0;
    std::uint64_t time_ns_ = 0;
};

// One's complement sum of RFC 1071, folded and complemented; `sum` continues an earlier one.
std::uint32_t checksum_add(std::uint32_t sum, std::span<const std::uint8_t> bytes);
std::uint16_t checksum_fold(std::uint32_t sum);

}  // namespace telltale::support
