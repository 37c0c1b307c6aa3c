// SPDX-License-Identifier: Apache-2.0
// Options for the packet sources of `telltale run`, and for traffic that it must not look at.
#include "sensor/app/config/option_binding.h"

namespace telltale::app {

template <>
struct Stored<std::vector<capture::PortConfig>> {
    using Value = std::vector<std::string>;
    static Value value(const std::vector<capture::PortConfig>& ports) {
        Value devices;
        for (const capture::PortConfig& port : ports) devices.push_back(port.device);
        return devices;
    }
    static std::vector<capture::PortConfig> field(const Value& devices) {
        std::vector<capture::PortConfig> ports;
        for (const std::string& device : devices) ports.push_back({device});
        return ports;
    }
};

namespace {

// Converts between nanoseconds, as for every duration, and the seconds of the tap's configuration.
Option blind_after() {
    Option option;
    option.key = "taps[].blind_after";
    option.type = OptionType::duration;
    option.range = {kSecond, kDay};
    option.applies = Applies::at_start;
    option.help = "A port that receives no packet for this long is reported as blind.";
    option.get = [](const Config& config, std::size_t entry) -> OptionValue {
        return config.taps[entry].blind_after_s * kSecond;
    };
    option.set = [](Config& config, std::size_t entry, const OptionValue& value) {
        config.taps[entry].blind_after_s = std::get<std::int64_t>(value) / kSecond;
    };
    return option;
}

}  // namespace

std::vector<Option> taps_options() {
    using enum OptionType;
    using enum Applies;
    return {
        within(required(open("taps[].name", text, at_start, "Name of the tap in events and metrics.", "", "uplink",
                             TELLTALE_FIELD(taps[entry].name))),
               {1, 63}),
        required(within(list_of(open("taps[].ports", text, at_start,
                                     "One port, or two if each direction has its own: a kernel interface, the PCI "
                                     "address of a card bound to a DPDK driver, or a virtual device in DPDK's "
                                     "notation.",
                                     "", "[eth0]", TELLTALE_FIELD(taps[entry].ports)),
                                2),
                        {1, 512})),
        bound("taps[].promiscuous", flag, at_start, "Receive packets for all addresses, not only the port's own.",
              TELLTALE_FIELD(taps[entry].promiscuous)),
        bound("taps[].drop_duplicates", flag, at_start,
              "Analyse only one copy of a packet that a mirror port sends twice. Duplicates are counted either way.",
              TELLTALE_FIELD(taps[entry].drop_duplicates)),
        blind_after(),
    };
}

std::vector<Option> ignore_options() {
    using enum OptionType;
    using enum Applies;
    return {
        list_of(open("ignore.networks", network, at_start, "Networks whose packets are ignored, in both directions.",
                     "none", "[198.51.100.0/24]", TELLTALE_FIELD(filter.networks))),
        list_of(within(open("ignore.vlans", count, at_start, "VLAN ids whose packets are ignored, outer or inner.",
                            "none", "[666, 667]", TELLTALE_FIELD(filter.vlans)),
                       {1, 4094})),
        list_of(open("ignore.macs", mac, at_start, "MAC addresses whose packets are ignored, in both directions.",
                     "none", "['00:1a:2b:3c:4d:5e']", TELLTALE_FIELD(filter.macs))),
        within(open("ignore.all_but", text, at_start,
                    "A filter in tcpdump's syntax; packets that do not match are ignored. It is applied to packets "
                    "with their "
                    "VLAN tags.",
                    "nothing is ignored", "'not port 5060'", TELLTALE_FIELD(filter.capture_filter)),
               {1, 4096}),
    };
}

std::vector<Option> dpdk_options() {
    using enum OptionType;
    using enum Applies;
    return {
        bound("dpdk.hugepages", flag, at_start, "Use hugepages, which network cards need. Reserve them first.",
              TELLTALE_FIELD(dpdk.hugepages)),
        number("dpdk.buffers", count, {0, 16 * kMillion}, at_start,
               "Packets that a port's memory pool holds; 0: what its queues need, and a reserve.",
               TELLTALE_FIELD(dpdk.buffers)),
        number("dpdk.receive_descriptors", count, {64, 32'768}, at_start,
               "Packets that a card's receive queue holds; adjusted to what the card supports.",
               TELLTALE_FIELD(dpdk.receive_descriptors)),
        number("dpdk.buffer_size", size, {1 * kKiB, 16 * kKiB}, at_start,
               "Size of a packet buffer. Longer packets take several.", TELLTALE_FIELD(dpdk.buffer_bytes)),
        list_of(within(open("dpdk.eal_options", text, at_start, "Further EAL options, passed to DPDK unchanged.",
                            "none", "['--lcores=0@1']", TELLTALE_FIELD(dpdk.eal_options)),
                       {1, 255}),
                64),
    };
}

}  // namespace telltale::app
