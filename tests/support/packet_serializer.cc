// SPDX-License-Identifier: Apache-2.0
// The part of Packet that turns layers into octets: headers are written from the outside in with lengths known
// beforehand, then checksums are filled from the inside out, since an outer one covers an inner one.
#include <algorithm>

#include "tests/support/packet_builder.h"

namespace telltale::support {
namespace {

using layer::Any;

constexpr std::uint16_t kIpv4Type = 0x0800;
constexpr std::uint16_t kIpv6Type = 0x86dd;
constexpr std::uint16_t kExperimentalType = 0x88b5;  // IEEE 802 local experimental

std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

std::size_t header_size(const Any& any) {
    struct Visitor {
        std::size_t operator()(const layer::Null&) const { return 4; }
        std::size_t operator()(const layer::Cooked& cooked) const { return cooked.version2 ? 20 : 16; }
        std::size_t operator()(const layer::Ethernet&) const { return 14; }
        std::size_t operator()(const layer::Vlan&) const { return 4; }
        std::size_t operator()(const layer::Arp&) const { return 28; }
        std::size_t operator()(const layer::Ipv4& ip) const { return 20 + ip.options.size(); }
        std::size_t operator()(const layer::Ipv6&) const { return 40; }
        std::size_t operator()(const layer::Ipv6Extension& extension) const { return 1 + extension.body.size(); }
        std::size_t operator()(const layer::Tcp& tcp) const { return 20 + padded(tcp.options.size()); }
        std::size_t operator()(const layer::Udp&) const { return 8; }
        std::size_t operator()(const layer::Icmp&) const { return 8; }
    };
    return std::visit(Visitor{}, any);
}

std::uint16_t ether_type_of(const Any* next) {
    if (next == nullptr) return kExperimentalType;
    if (std::holds_alternative<layer::Ipv4>(*next)) return kIpv4Type;
    if (std::holds_alternative<layer::Ipv6>(*next)) return kIpv6Type;
    if (std::holds_alternative<layer::Arp>(*next)) return 0x0806;
    if (const auto* tag = std::get_if<layer::Vlan>(next)) return tag->tpid;
    return kExperimentalType;
}

std::uint8_t protocol_of(const Any* next, std::uint8_t none) {
    if (next == nullptr) return none;
    if (std::holds_alternative<layer::Tcp>(*next)) return 6;
    if (std::holds_alternative<layer::Udp>(*next)) return 17;
    if (const auto* icmp = std::get_if<layer::Icmp>(next)) return icmp->v6 ? 58 : 1;
    if (std::holds_alternative<layer::Ipv4>(*next)) return 4;
    if (std::holds_alternative<layer::Ipv6>(*next)) return 41;
    if (const auto* extension = std::get_if<layer::Ipv6Extension>(next)) return extension->type;
    return none;
}

// Writes one header. `rest` is what follows it, in octets.
class HeaderWriter {
  public:
    HeaderWriter(ByteWriter& out, const Any* next, std::size_t rest)
        : out_(out), next_(next), rest_(static_cast<std::uint32_t>(rest)) {}

    void operator()(const layer::Null&) {
        const bool v6 = next_ != nullptr && std::holds_alternative<layer::Ipv6>(*next_);
        out_.u8(v6 ? 30 : 2).zeros(3);
    }

    void operator()(const layer::Cooked& cooked) {
        const std::uint16_t type = cooked.ether_type.value_or(ether_type_of(next_));
        if (cooked.version2) {
            out_.u16(type).u16(0).u32(2).u16(1).u8(cooked.packet_type).u8(6).raw(cooked.source.octets).zeros(2);
        } else {
            out_.u16(cooked.packet_type).u16(1).u16(6).raw(cooked.source.octets).zeros(2).u16(type);
        }
    }

    void operator()(const layer::Ethernet& ethernet) {
        out_.raw(ethernet.destination.octets).raw(ethernet.source.octets);
        out_.u16(ethernet.ether_type.value_or(ether_type_of(next_)));
    }

    void operator()(const layer::Vlan& tag) { out_.u16(tag.tci).u16(tag.ether_type.value_or(ether_type_of(next_))); }

    void operator()(const layer::Arp& arp) {
        out_.u16(1).u16(kIpv4Type).u8(6).u8(4).u16(arp.operation);
        out_.raw(arp.sender_mac.octets).raw(arp.sender_ip.bytes());
        out_.raw(arp.target_mac.octets).raw(arp.target_ip.bytes());
    }

    void operator()(const layer::Ipv4& ip) {
        const auto size = static_cast<std::uint32_t>(20 + ip.options.size());
        const std::uint32_t words = ip.header_words.value_or(static_cast<std::uint8_t>(size / 4));
        out_.u8(static_cast<std::uint32_t>(ip.version.value_or(4)) << 4 | (words & 15)).u8(ip.tos);
        out_.u16(ip.total_length ? *ip.total_length : size + rest_).u16(ip.id).u16(ip.fragment);
        out_.u8(ip.ttl).u8(ip.protocol.value_or(protocol_of(next_, 253))).u16(0);
        out_.raw(ip.source.bytes()).raw(ip.destination.bytes()).raw(ip.options);
    }

    void operator()(const layer::Ipv6& ip) {
        out_.u32(static_cast<std::uint32_t>(ip.version.value_or(6)) << 28 |
                 static_cast<std::uint32_t>(ip.traffic_class) << 20 | (ip.flow_label & 0xfffff));
        out_.u16(ip.payload_length ? *ip.payload_length : rest_);
        out_.u8(ip.next_header.value_or(protocol_of(next_, 59))).u8(ip.hop_limit);
        out_.raw(ip.source.bytes()).raw(ip.destination.bytes());
    }

    void operator()(const layer::Ipv6Extension& extension) {
        out_.u8(extension.next_header.value_or(protocol_of(next_, 59))).raw(extension.body);
    }

    void operator()(const layer::Tcp& tcp) {
        const std::size_t options = padded(tcp.options.size());
        const std::uint32_t words = tcp.data_offset.value_or(static_cast<std::uint8_t>(5 + options / 4));
        out_.u16(tcp.source).u16(tcp.destination).u32(tcp.seq).u32(tcp.ack);
        out_.u8(words << 4).u8(tcp.flags).u16(tcp.window).u16(0).u16(tcp.urgent);
        out_.raw(tcp.options).zeros(options - tcp.options.size());
    }

    void operator()(const layer::Udp& udp) {
        out_.u16(udp.source).u16(udp.destination).u16(udp.length ? *udp.length : 8 + rest_).u16(0);
    }

    void operator()(const layer::Icmp& icmp) { out_.u8(icmp.type).u8(icmp.code).u16(0).u32(icmp.rest); }

  private:
    ByteWriter& out_;
    const Any* next_;
    std::uint32_t rest_;
};

// The pseudo header of the innermost IP header outside layer `index` (RFC 9293 section 3.1, RFC 8200 section 8.1).
std::uint32_t pseudo_header_sum(const std::vector<Any>& layers, std::size_t index, std::uint8_t protocol,
                                std::size_t length) {
    ByteWriter pseudo;
    for (std::size_t i = index; i-- > 0;) {
        if (const auto* v4 = std::get_if<layer::Ipv4>(&layers[i])) {
            pseudo.raw(v4->source.bytes()).raw(v4->destination.bytes());
            break;
        }
        if (const auto* v6 = std::get_if<layer::Ipv6>(&layers[i])) {
            pseudo.raw(v6->source.bytes()).raw(v6->destination.bytes());
            break;
        }
    }
    pseudo.u32(static_cast<std::uint32_t>(length)).u32(protocol);
    return checksum_add(0, pseudo.bytes());
}

void fill_checksum(ByteWriter& out, const std::vector<Any>& layers, std::size_t index, std::size_t start) {
    const auto tail = std::span(out.bytes()).subspan(start);
    const Any& any = layers[index];
    if (const auto* ip = std::get_if<layer::Ipv4>(&any)) {
        const std::uint16_t sum = checksum_fold(checksum_add(0, tail.first(header_size(any))));
        out.patch_u16(start + 10, ip->checksum.value_or(sum));
    } else if (const auto* tcp = std::get_if<layer::Tcp>(&any)) {
        const std::uint32_t pseudo = pseudo_header_sum(layers, index, 6, tail.size());
        out.patch_u16(start + 16, tcp->checksum.value_or(checksum_fold(checksum_add(pseudo, tail))));
    } else if (const auto* udp = std::get_if<layer::Udp>(&any)) {
        const std::uint32_t pseudo = pseudo_header_sum(layers, index, 17, tail.size());
        std::uint16_t sum = checksum_fold(checksum_add(pseudo, tail));
        if (sum == 0) sum = 0xffff;  // RFC 768: zero means none
        out.patch_u16(start + 6, udp->checksum.value_or(sum));
    } else if (const auto* icmp = std::get_if<layer::Icmp>(&any)) {
        const std::uint32_t pseudo = icmp->v6 ? pseudo_header_sum(layers, index, 58, tail.size()) : 0;
        out.patch_u16(start + 2, icmp->checksum.value_or(checksum_fold(checksum_add(pseudo, tail))));
    }
}

bool is_ip(const Any& any) {
    return std::holds_alternative<layer::Ipv4>(any) || std::holds_alternative<layer::Ipv6>(any);
}

}  // namespace

std::uint32_t checksum_add(std::uint32_t sum, std::span<const std::uint8_t> bytes) {
    std::uint64_t wide = sum;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        wide += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    if (bytes.size() % 2 != 0) wide += static_cast<std::uint32_t>(bytes.back() << 8);
    while (wide >> 16 != 0) wide = (wide & 0xffff) + (wide >> 16);
    return static_cast<std::uint32_t>(wide);
}

std::uint16_t checksum_fold(std::uint32_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

LinkType Packet::link_type() const {
    if (layers_.empty() || is_ip(layers_.front())) return LinkType::raw;
    if (std::holds_alternative<layer::Null>(layers_.front())) return LinkType::null_loopback;
    if (const auto* cooked_layer = std::get_if<layer::Cooked>(&layers_.front()))
        return cooked_layer->version2 ? LinkType::linux_sll2 : LinkType::linux_sll;
    return LinkType::ethernet;
}

Bytes Packet::bytes() const {
    std::vector<std::size_t> starts(layers_.size() + 1, 0);
    for (std::size_t i = 0; i < layers_.size(); ++i) starts[i + 1] = starts[i] + header_size(layers_[i]);
    const std::size_t total = starts.back() + payload_.size();
    ByteWriter out;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        const Any* next = i + 1 < layers_.size() ? &layers_[i + 1] : nullptr;
        HeaderWriter writer(out, next, total - starts[i + 1]);
        std::visit(writer, layers_[i]);
    }
    out.raw(payload_);
    for (std::size_t i = layers_.size(); i-- > 0;) fill_checksum(out, layers_, i, starts[i]);
    return out.pad_to(pad_to_).take();
}

TimedFrame Packet::frame(std::size_t snap) const {
    TimedFrame frame;
    frame.time_ns = time_ns_;
    frame.bytes = bytes();
    frame.wire_length = static_cast<std::uint32_t>(frame.bytes.size());
    std::size_t behind = payload_.size();
    for (std::size_t i = layers_.size(); i-- > 0;) {
        behind += header_size(layers_[i]);
        if (is_ip(layers_[i])) frame.ip_length = static_cast<std::uint32_t>(behind);
    }
    frame.bytes.resize(std::min(snap, frame.bytes.size()));
    return frame;
}

}  // namespace telltale::support
