// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/packet_filter.h"

#include <pcap/pcap.h>

#include "sensor/capture/link_types.h"

namespace telltale::capture {
namespace {

constexpr int kSnapLength = 262'144;

}  // namespace

struct PacketFilter::Programs {
    base::EnumArray<model::LinkType, bpf_program> by_link{};
    base::EnumArray<model::LinkType, bool> compiled{};

    ~Programs() {
        for (const auto link : base::enumerators<model::LinkType>()) {
            if (compiled[link]) pcap_freecode(&by_link[link]);
        }
    }
};

PacketFilter::PacketFilter(std::unique_ptr<Programs> programs) : programs_(std::move(programs)) {}
PacketFilter::~PacketFilter() = default;
PacketFilter::PacketFilter(PacketFilter&&) noexcept = default;
PacketFilter& PacketFilter::operator=(PacketFilter&&) noexcept = default;

base::Result<PacketFilter> PacketFilter::compile(const std::string& expression) {
    auto programs = std::make_unique<Programs>();
    for (const auto link : base::enumerators<model::LinkType>()) {
        pcap_t* dead = pcap_open_dead(kLibpcapTypes[link].all().front(), kSnapLength);
        if (dead == nullptr) return base::Error{"the capture filter cannot be compiled: out of memory"};
        constexpr int kOptimize = 1;
        programs->compiled[link] =
            pcap_compile(dead, &programs->by_link[link], expression.c_str(), kOptimize, PCAP_NETMASK_UNKNOWN) == 0;
        const std::string said = pcap_geterr(dead);
        pcap_close(dead);
        // A filter for MAC addresses, for example, is meaningless on links without them: there it matches nothing.
        if (!programs->compiled[link] && link == model::LinkType::ethernet) {
            return base::Error{"invalid capture filter \"" + expression + "\": " + said + "; see: man pcap-filter"};
        }
    }
    return PacketFilter(std::move(programs));
}

bool PacketFilter::fits(const model::Frame& frame) const {
    if (!programs_->compiled[frame.link]) return false;
    pcap_pkthdr header{};
    header.caplen = frame.captured_length;
    header.len = frame.wire_length;
    return pcap_offline_filter(&programs_->by_link[frame.link], &header, frame.data) != 0;
}

}  // namespace telltale::capture
