// SPDX-License-Identifier: Apache-2.0
#include "tests/support/packet_builder.h"

#include <stdexcept>
#include <utility>

namespace telltale::support {
namespace {

Bytes padded_extension(Bytes body) {
    ByteWriter writer;
    const std::size_t used = 2 + body.size();
    const std::size_t total = (used + 7) / 8 * 8;
    writer.u8(static_cast<std::uint32_t>(total / 8 - 1)).raw(body);
    const std::size_t gap = total - used;
    if (gap == 1) writer.u8(0);
    if (gap > 1) writer.u8(1).u8(static_cast<std::uint32_t>(gap - 2)).zeros(gap - 2);
    return writer.take();
}

}  // namespace

template <typename Layer>
Layer* Packet::last_or_null() {
    for (auto it = layers_.rbegin(); it != layers_.rend(); ++it)
        if (auto* found = std::get_if<Layer>(&*it)) return found;
    return nullptr;
}

template <typename Layer>
Layer& Packet::last() {
    auto* found = last_or_null<Layer>();
    if (found == nullptr) throw std::logic_error("Packet: a field of a layer that was not added");
    return *found;
}

Packet& Packet::ethernet(Mac source, Mac destination) {
    layers_.emplace_back(layer::Ethernet{source, destination, {}});
    return *this;
}

Packet& Packet::vlan(std::uint16_t id, std::uint8_t priority) {
    layers_.emplace_back(layer::Vlan{0x8100, static_cast<std::uint16_t>(priority << 13 | (id & 0xfff)), {}});
    return *this;
}

Packet& Packet::qinq(std::uint16_t outer_id, std::uint16_t inner_id) {
    return vlan(outer_id).tpid(0x88a8).vlan(inner_id);
}

Packet& Packet::tpid(std::uint16_t type) {
    last<layer::Vlan>().tpid = type;
    return *this;
}

Packet& Packet::null_loopback() {
    layers_.emplace_back(layer::Null{});
    return *this;
}

Packet& Packet::cooked(Mac source, std::uint16_t packet_type) {
    layers_.emplace_back(layer::Cooked{packet_type, source, {}, false});
    return *this;
}

Packet& Packet::cooked_v2(Mac source, std::uint16_t packet_type) {
    layers_.emplace_back(layer::Cooked{packet_type, source, {}, true});
    return *this;
}

Packet& Packet::ether_type(std::uint16_t type) {
    if (auto* tag = last_or_null<layer::Vlan>()) {
        tag->ether_type = type;
    } else if (auto* cooked_layer = last_or_null<layer::Cooked>()) {
        cooked_layer->ether_type = type;
    } else {
        last<layer::Ethernet>().ether_type = type;
    }
    return *this;
}

Packet& Packet::arp_request(Mac sender, Ip sender_ip, Ip target_ip) {
    layers_.emplace_back(layer::Arp{1, sender, sender_ip, {}, target_ip});
    return *this;
}

Packet& Packet::arp_reply(Mac sender, Ip sender_ip, Mac target, Ip target_ip) {
    layers_.emplace_back(layer::Arp{2, sender, sender_ip, target, target_ip});
    return *this;
}

Packet& Packet::ip(Ip source, Ip destination) {
    return source.v6 ? ipv6(source, destination) : ipv4(source, destination);
}

Packet& Packet::ipv4(Ip source, Ip destination) {
    if (source.v6 || destination.v6) throw std::logic_error("Packet: an IPv6 address in an IPv4 header");
    layer::Ipv4 header;
    header.source = source;
    header.destination = destination;
    layers_.emplace_back(std::move(header));
    return *this;
}

Packet& Packet::ipv6(Ip source, Ip destination) {
    if (!source.v6 || !destination.v6) throw std::logic_error("Packet: an IPv4 address in an IPv6 header");
    layer::Ipv6 header;
    header.source = source;
    header.destination = destination;
    layers_.emplace_back(std::move(header));
    return *this;
}

// The innermost IP header takes a field that both versions have.
Packet& Packet::ttl(std::uint8_t hops) {
    for (auto it = layers_.rbegin(); it != layers_.rend(); ++it) {
        if (auto* v4 = std::get_if<layer::Ipv4>(&*it)) {
            v4->ttl = hops;
            return *this;
        }
        if (auto* v6 = std::get_if<layer::Ipv6>(&*it)) {
            v6->hop_limit = hops;
            return *this;
        }
    }
    throw std::logic_error("Packet: ttl without an IP header");
}

Packet& Packet::tos(std::uint8_t value) {
    for (auto it = layers_.rbegin(); it != layers_.rend(); ++it) {
        if (auto* v4 = std::get_if<layer::Ipv4>(&*it)) {
            v4->tos = value;
            return *this;
        }
        if (auto* v6 = std::get_if<layer::Ipv6>(&*it)) {
            v6->traffic_class = value;
            return *this;
        }
    }
    throw std::logic_error("Packet: tos without an IP header");
}

Packet& Packet::flow_label(std::uint32_t label) {
    last<layer::Ipv6>().flow_label = label;
    return *this;
}

Packet& Packet::ip_id(std::uint16_t id) {
    last<layer::Ipv4>().id = id;
    return *this;
}

Packet& Packet::dont_fragment() {
    last<layer::Ipv4>().fragment |= 0x4000;
    return *this;
}

Packet& Packet::fragment(std::uint16_t offset_octets, bool more) {
    last<layer::Ipv4>().fragment = static_cast<std::uint16_t>(offset_octets / 8 | (more ? 0x2000 : 0));
    return *this;
}

Packet& Packet::ip_options(Bytes options) {
    options.resize((options.size() + 3) / 4 * 4);
    last<layer::Ipv4>().options = std::move(options);
    return *this;
}

Packet& Packet::ip_protocol(std::uint8_t protocol) {
    for (auto it = layers_.rbegin(); it != layers_.rend(); ++it) {
        if (auto* v4 = std::get_if<layer::Ipv4>(&*it)) {
            v4->protocol = protocol;
            return *this;
        }
        if (auto* v6 = std::get_if<layer::Ipv6>(&*it)) {
            v6->next_header = protocol;
            return *this;
        }
        if (auto* extension_layer = std::get_if<layer::Ipv6Extension>(&*it)) {
            extension_layer->next_header = protocol;
            return *this;
        }
    }
    throw std::logic_error("Packet: ip_protocol without an IP header");
}

Packet& Packet::ip_version(std::uint8_t version) {
    if (auto* v4 = last_or_null<layer::Ipv4>()) {
        v4->version = version;
        return *this;
    }
    last<layer::Ipv6>().version = version;
    return *this;
}

Packet& Packet::ip_header_words(std::uint8_t words) {
    last<layer::Ipv4>().header_words = words;
    return *this;
}

Packet& Packet::ip_total_length(std::uint16_t length) {
    if (auto* v4 = last_or_null<layer::Ipv4>()) {
        v4->total_length = length;
        return *this;
    }
    last<layer::Ipv6>().payload_length = length;
    return *this;
}

Packet& Packet::ip_checksum(std::uint16_t checksum) {
    last<layer::Ipv4>().checksum = checksum;
    return *this;
}

Packet& Packet::hop_by_hop(Bytes body) { return extension(0, padded_extension(std::move(body))); }

Packet& Packet::destination_options(Bytes body) { return extension(60, padded_extension(std::move(body))); }

Packet& Packet::routing(Bytes body) { return extension(43, padded_extension(std::move(body))); }

Packet& Packet::fragment_header(std::uint16_t offset_octets, bool more, std::uint32_t id) {
    ByteWriter writer;
    writer.u8(0).u16((offset_octets & 0xfff8U) | (more ? 1U : 0U)).u32(id);
    return extension(44, writer.take());
}

Packet& Packet::extension(std::uint8_t type, Bytes header_from_length_octet) {
    layers_.emplace_back(layer::Ipv6Extension{type, std::move(header_from_length_octet), {}});
    return *this;
}

Packet& Packet::tcp(std::uint16_t source, std::uint16_t destination) {
    layer::Tcp header;
    header.source = source;
    header.destination = destination;
    layers_.emplace_back(std::move(header));
    return *this;
}

Packet& Packet::seq(std::uint32_t number) {
    last<layer::Tcp>().seq = number;
    return *this;
}

Packet& Packet::ack(std::uint32_t number) {
    last<layer::Tcp>().ack = number;
    return flags_or(0x10);
}

Packet& Packet::flags_or(std::uint8_t flags) {
    last<layer::Tcp>().flags |= flags;
    return *this;
}

Packet& Packet::tcp_flags(std::uint8_t flags) {
    last<layer::Tcp>().flags = flags;
    return *this;
}

Packet& Packet::window(std::uint16_t size) {
    last<layer::Tcp>().window = size;
    return *this;
}

Packet& Packet::tcp_option(std::uint8_t kind, Bytes data) {
    Bytes& options = last<layer::Tcp>().options;
    options.push_back(kind);
    options.push_back(static_cast<std::uint8_t>(data.size() + 2));
    options.insert(options.end(), data.begin(), data.end());
    return *this;
}

Packet& Packet::mss(std::uint16_t size) { return tcp_option(2, ByteWriter().u16(size).take()); }

Packet& Packet::sack_permitted() { return tcp_option(4, {}); }

Packet& Packet::window_scale(std::uint8_t shift) { return tcp_option(3, {shift}); }

Packet& Packet::timestamps(std::uint32_t value, std::uint32_t echo) {
    return tcp_option(8, ByteWriter().u32(value).u32(echo).take());
}

Packet& Packet::nop() {
    last<layer::Tcp>().options.push_back(1);
    return *this;
}

Packet& Packet::tcp_options(Bytes raw) {
    last<layer::Tcp>().options = std::move(raw);
    return *this;
}

Packet& Packet::data_offset(std::uint8_t words) {
    last<layer::Tcp>().data_offset = words;
    return *this;
}

Packet& Packet::udp(std::uint16_t source, std::uint16_t destination) {
    layers_.emplace_back(layer::Udp{source, destination, {}, {}});
    return *this;
}

Packet& Packet::udp_length(std::uint16_t length) {
    last<layer::Udp>().length = length;
    return *this;
}

Packet& Packet::transport_checksum(std::uint16_t checksum) {
    for (auto it = layers_.rbegin(); it != layers_.rend(); ++it) {
        if (auto* tcp_layer = std::get_if<layer::Tcp>(&*it)) {
            tcp_layer->checksum = checksum;
            return *this;
        }
        if (auto* udp_layer = std::get_if<layer::Udp>(&*it)) {
            udp_layer->checksum = checksum;
            return *this;
        }
        if (auto* icmp_layer = std::get_if<layer::Icmp>(&*it)) {
            icmp_layer->checksum = checksum;
            return *this;
        }
    }
    throw std::logic_error("Packet: transport_checksum without a transport header");
}

Packet& Packet::icmp(std::uint8_t type, std::uint8_t code, std::uint32_t rest) {
    bool v6 = false;
    for (const auto& any : layers_) {
        if (std::holds_alternative<layer::Ipv6>(any)) v6 = true;
        if (std::holds_alternative<layer::Ipv4>(any)) v6 = false;
    }
    layers_.emplace_back(layer::Icmp{v6, type, code, rest, {}});
    return *this;
}

Packet& Packet::icmp_echo(std::uint16_t id, std::uint16_t sequence, bool reply) {
    icmp(0, 0, static_cast<std::uint32_t>(id) << 16 | sequence);
    auto& header = last<layer::Icmp>();
    if (header.v6) {
        header.type = reply ? 129 : 128;
    } else {
        header.type = reply ? 0 : 8;
    }
    return *this;
}

Packet& Packet::payload(std::span<const std::uint8_t> bytes) {
    payload_.insert(payload_.end(), bytes.begin(), bytes.end());
    return *this;
}

Packet& Packet::payload(std::string_view text) {
    payload_.insert(payload_.end(), text.begin(), text.end());
    return *this;
}

Packet& Packet::pad_frame_to(std::size_t size) {
    pad_to_ = size;
    return *this;
}

Packet& Packet::at(std::uint64_t time_ns) {
    time_ns_ = time_ns;
    return *this;
}

}  // namespace telltale::support
