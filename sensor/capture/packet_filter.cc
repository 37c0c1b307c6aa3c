// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/packet_filter.h"

#include <pcap/pcap.h>

#include <array>

namespace telltale::capture {
namespace {

// Indexed by model::LinkType.
constexpr std::array kLinkTypes = {DLT_EN10MB,    DLT_RAW,         DLT_NULL,
                                   DLT_LINUX_SLL, DLT_LINUX_SLL2,  DLT_PPP,
                                   DLT_C_HDLC,    DLT_IEEE802_11,  DLT_IEEE802_11_RADIO,
                                   DLT_PKTAP,     DLT_NFLOG,       DLT_PPP_ETHER,
                                   DLT_MPLS,      DLT_ATM_RFC1483, DLT_FDDI,
                                   DLT_IEEE802,   DLT_FRELAY,      DLT_APPLE_IP_OVER_IEEE1394,
                                   DLT_PFLOG,     DLT_ENC,         DLT_PRISM_HEADER};
static_assert(kLinkTypes.size() == model::kLinkTypeCount);
constexpr int kSnapLength = 262'144;

}  // namespace

struct PacketFilter::Programs {
    std::array<bpf_program, kLinkTypes.size()> by_link{};
    std::array<bool, kLinkTypes.size()> compiled{};

    ~Programs() {
        for (std::size_t i = 0; i < by_link.size(); ++i) {
            if (compiled[i]) pcap_freecode(&by_link[i]);
        }
    }
};

PacketFilter::PacketFilter(std::unique_ptr<Programs> programs) : programs_(std::move(programs)) {}
PacketFilter::~PacketFilter() = default;
PacketFilter::PacketFilter(PacketFilter&&) noexcept = default;
PacketFilter& PacketFilter::operator=(PacketFilter&&) noexcept = default;

base::Result<PacketFilter> PacketFilter::compile(const std::string& expression) {
    auto programs = std::make_unique<Programs>();
    for (std::size_t i = 0; i < kLinkTypes.size(); ++i) {
        pcap_t* dead = pcap_open_dead(kLinkTypes[i], kSnapLength);
        if (dead == nullptr) return base::Error{"the capture filter cannot be compiled: out of memory"};
        constexpr int kOptimize = 1;
        programs->compiled[i] =
            pcap_compile(dead, &programs->by_link[i], expression.c_str(), kOptimize, PCAP_NETMASK_UNKNOWN) == 0;
        const std::string said = pcap_geterr(dead);
        pcap_close(dead);
        // A filter for MAC addresses, for example, is meaningless on links without them: there it matches nothing.
        if (!programs->compiled[i] && i == 0) {
            return base::Error{"invalid capture filter \"" + expression + "\": " + said + "; see: man pcap-filter"};
        }
    }
    return PacketFilter(std::move(programs));
}

bool PacketFilter::fits(const model::Frame& frame) const {
    const auto link = static_cast<std::size_t>(frame.link);
    if (!programs_->compiled[link]) return false;
    pcap_pkthdr header{};
    header.caplen = frame.captured_length;
    header.len = frame.wire_length;
    return pcap_offline_filter(&programs_->by_link[link], &header, frame.data) != 0;
}

}  // namespace telltale::capture
