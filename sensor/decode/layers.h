// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "sensor/base/byte_reader.h"
#include "sensor/decode/decode.h"
#include "sensor/decode/header_fields.h"
#include "sensor/model/ethernet.h"

namespace telltale::decode {

inline constexpr std::uint8_t kIpv6FragmentHeader = 44, kAuthenticationHeader = 51;
// The headers of RFC 8200 section 4 (and RFC 4302) that may precede a fragment's data.
constexpr bool is_ipv6_extension(std::uint8_t next) {
    return next == 0 || next == 43 || next == kIpv6FragmentHeader || next == kAuthenticationHeader || next == 60;
}

// A frame while the header families read it, from the outside in. claimed() is how many bytes follow according to the
// headers so far. The reader holds the captured part of them, so remaining() <= claimed() always.
class Layers {
  public:
    Layers(const model::Frame& frame, model::PacketView& packet, DecodeCounters& counted, unsigned tunnels)
        : view(packet),
          counters(counted),
          reader_(frame.bytes()),
          claimed_(std::max(frame.wire_length, frame.captured_length)),
          tunnels_left_(tunnels),
          snapped_(frame.wire_length > frame.captured_length) {}

    [[nodiscard]] std::size_t remaining() const { return reader_.remaining(); }
    [[nodiscard]] std::uint32_t claimed() const { return claimed_; }
    [[nodiscard]] base::Bytes rest() const { return reader_.rest(); }
    [[nodiscard]] std::uint8_t peek() const { return reader_.peek(); }
    [[nodiscard]] std::size_t offset() const {
        return static_cast<std::size_t>(reader_.rest().data() - view.frame->data);
    }

    // Returns the next header without taking it. The caller has checked remaining().
    template <std::size_t kSize>
    [[nodiscard]] Header<kSize> next() const {
        return Header<kSize>(reader_.rest().first(kSize));
    }
    // Takes the next header. The caller has checked remaining().
    template <std::size_t kSize>
    [[nodiscard]] Header<kSize> take() {
        return Header<kSize>(take(kSize).data(), kSize);
    }
    [[nodiscard]] base::Bytes take(std::size_t size) {
        const base::Bytes bytes = reader_.rest().first(size);
        const bool fits = reader_.skip(size);
        assert(fits);
        static_cast<void>(fits);
        claimed_ -= static_cast<std::uint32_t>(size);
        return bytes;
    }

    // Limits what follows to `size` bytes, as a header says; everything else is padding.
    void bound(std::uint32_t size) {
        claimed_ = size;
        reader_ = base::ByteReader(reader_.rest().first(std::min<std::size_t>(reader_.remaining(), size)));
    }

    // Returns why a header of `size` bytes is missing: the capture cut it, or it was never sent.
    [[nodiscard]] DecodeOutcome missing(std::size_t size, DecodeOutcome reason) const {
        return snapped_ && size <= claimed_ ? DecodeOutcome::snapped : reason;
    }

    // Reads the inside of a tunnel with `inside(*this)`; `id` as in PacketView::tunnel_id. If that is not sound IP, or
    // is nested too deeply, restores everything and returns `outside`.
    template <typename Inside>
    DecodeOutcome enter_tunnel(std::uint32_t id, DecodeOutcome outside, Inside&& inside) {
        if (tunnels_left_ == 0) {
            ++counters.tunnels_not_entered;
            return outside;
        }
        const model::PacketView around = view;
        const Layers before = *this;
        if (!entered_) outer_mac_ = view.source_mac;
        entered_ = true;
        view = model::PacketView{};
        view.frame = around.frame;
        view.source_mac = around.source_mac;
        view.destination_mac = around.destination_mac;
        view.vlan = around.vlan;
        view.vlan_count = around.vlan_count;
        view.ether_type = around.ether_type;
        view.tunnels = static_cast<std::uint8_t>(around.tunnels + 1);
        view.tunnel_id = around.tunnel_id ^ id;
        ip_length_zero = false;
        --tunnels_left_;
        const DecodeOutcome outcome = inside(*this);
        if (view.has_ip() && (!malformed(outcome) || view.transport_offset != 0)) return outcome;
        ++counters.tunnels_not_entered;
        view = around;
        restore(before);
        return outside;
    }
    // Enters a frame inside another frame (a provider's bridge or a pseudowire). Keeps the segment and the sender of
    // the outer frame. Returns false if there are too many.
    [[nodiscard]] bool enter_bridged_frame() {
        if (bridges_left_ == 0) return false;
        --bridges_left_;
        if (!entered_) outer_mac_ = view.source_mac;
        entered_ = true;
        return true;
    }
    // Returns the MAC address that sent the outermost frame.
    [[nodiscard]] model::MacAddress sender_mac(const model::PacketView& packet) const {
        return entered_ ? outer_mac_ : packet.source_mac;
    }

    model::PacketView& view;
    DecodeCounters& counters;
    bool ip_length_zero = false;  // the length is left to a network card, or in a jumbogram's option

  private:
    static constexpr unsigned kMaxBridgedFrames = 8;

    void restore(const Layers& before) {
        reader_ = before.reader_;
        claimed_ = before.claimed_;
        ip_length_zero = before.ip_length_zero;
        tunnels_left_ = before.tunnels_left_;
    }

    base::ByteReader reader_;
    std::uint32_t claimed_;
    unsigned tunnels_left_;
    unsigned bridges_left_ = kMaxBridgedFrames;
    bool entered_ = false;
    model::MacAddress outer_mac_;
    bool snapped_;
};

// One function per header family. Each reads its header, fills the view and continues with the payload. To add a family
// of tunnels, extend the switch of read_ether_type() or read_ip_payload().
DecodeOutcome read_link(Layers& layers, model::LinkType link);
DecodeOutcome read_ether_type(Layers& layers, std::uint16_t ether_type);
DecodeOutcome read_ethernet(Layers& layers);
DecodeOutcome read_bridged_ethernet(Layers& layers);  // inside another frame
DecodeOutcome read_llc(Layers& layers);
DecodeOutcome read_ppp(Layers& layers);  // starts with the protocol, or with address and control
DecodeOutcome read_mpls(Layers& layers);
DecodeOutcome read_pppoe(Layers& layers);
DecodeOutcome read_wireless(Layers& layers);
DecodeOutcome read_wireless_of_capwap(Layers& layers);  // the frame control's bytes may be swapped
DecodeOutcome read_radiotap(Layers& layers);
DecodeOutcome read_fddi(Layers& layers);
DecodeOutcome read_token_ring(Layers& layers);
DecodeOutcome read_frame_relay(Layers& layers);
DecodeOutcome read_ieee1394(Layers& layers);
DecodeOutcome read_pflog(Layers& layers);
DecodeOutcome read_enc(Layers& layers);
DecodeOutcome read_prism(Layers& layers);
DecodeOutcome read_pktap(Layers& layers);
DecodeOutcome read_nflog(Layers& layers);
// Ends a frame without IP: its payload is the rest.
DecodeOutcome end_without_ip(Layers& layers, DecodeOutcome outcome);
DecodeOutcome read_arp(Layers& layers);
DecodeOutcome read_ip(Layers& layers);  // by the version in the first nibble
DecodeOutcome read_ipv4(Layers& layers);
DecodeOutcome read_ipv6(Layers& layers);
// Reads the payload of an IP header. Returns `whole` if all of it is sound.
DecodeOutcome read_ip_payload(Layers& layers, std::uint8_t protocol, DecodeOutcome whole);
// Read a tunnel in IP or in UDP. They return `whole` if the packet is not a tunnel that decode enters.
DecodeOutcome read_ip_tunnel(Layers& layers, std::uint8_t protocol, DecodeOutcome whole);
DecodeOutcome read_udp_tunnel(Layers& layers, DecodeOutcome whole);
constexpr bool is_tunnel_port(std::uint16_t port) {
    switch (port) {
        case 1701:  // L2TP
        case 2152:  // GTP-U
        case 3544:  // Teredo
        case 4754:  // GRE in UDP
        case 4789:  // VXLAN
        case 4790:  // VXLAN-GPE
        case 5247:  // CAPWAP data
        case 6081:  // Geneve
        case 6635:  // MPLS in UDP
        case 8472:  // VXLAN, Linux's first port
            return true;
        default: return false;
    }
}
// Skips an authentication header (RFC 4302 section 2). Returns false, with the reason in `outcome`, if it is cut or
// broken.
bool skip_authentication_header(Layers& layers, std::uint8_t& protocol, DecodeOutcome reason, DecodeOutcome& outcome);

}  // namespace telltale::decode
