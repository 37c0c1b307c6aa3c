// SPDX-License-Identifier: Apache-2.0
// Options of where `telltale run` gets its packets from, and what it must not look at.
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

// Kept in seconds where it is used, in nanoseconds here as every duration.
Option blind_after() {
    Option option;
    option.key = "taps[].blind_after";
    option.type = OptionType::duration;
    option.range = {kSecond, kDay};
    option.applies = Applies::at_start;
    option.help = "A port without a packet for so long counts as blind.";
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
        within(required(open("taps[].name", text, at_start, "What events and metrics call it.", "", "uplink",
                             TELLTALE_FIELD(taps[entry].name))),
               {1, 63}),
        required(within(list_of(open("taps[].ports", text, at_start,
                                     "One port, or two where each direction has its own: an interface of the kernel, "
                                     "a PCI address of a card that is bound to a driver for DPDK, or a virtual device "
                                     "as DPDK writes it.",
                                     "", "[eth0]", TELLTALE_FIELD(taps[entry].ports)),
                                2),
                        {1, 512})),
        bound("taps[].promiscuous", flag, at_start, "Take packets for other addresses than the port's own.",
              TELLTALE_FIELD(taps[entry].promiscuous)),
        bound("taps[].drop_duplicates", flag, at_start,
              "Analyse a packet once that a mirror port gives twice. Duplicates are counted either way.",
              TELLTALE_FIELD(taps[entry].drop_duplicates)),
        blind_after(),
    };
}

std::vector<Option> ignore_options() {
    using enum OptionType;
    using enum Applies;
    return {
        list_of(open("ignore.networks", network, at_start, "Networks: packets from or to them.", "none",
                     "[198.51.100.0/24]", TELLTALE_FIELD(filter.networks))),
        list_of(within(open("ignore.vlans", count, at_start, "VLAN ids, outer or inner.", "none", "[666, 667]",
                            TELLTALE_FIELD(filter.vlans)),
                       {1, 4094})),
        list_of(open("ignore.macs", mac, at_start, "MAC addresses: packets from or to them.", "none",
                     "['00:1a:2b:3c:4d:5e']", TELLTALE_FIELD(filter.macs))),
        within(open("ignore.all_but", text, at_start,
                    "A filter as tcpdump takes it: what does not fit it is not looked at. It sees packets with their "
                    "VLAN tags.",
                    "everything is looked at", "'not port 5060'", TELLTALE_FIELD(filter.capture_filter)),
               {1, 4096}),
    };
}

std::vector<Option> dpdk_options() {
    using enum OptionType;
    using enum Applies;
    return {
        bound("dpdk.hugepages", flag, at_start, "Use hugepages, which network cards need. They must be reserved.",
              TELLTALE_FIELD(dpdk.hugepages)),
        number("dpdk.buffers", count, {0, 16 * kMillion}, at_start,
               "Packets that a port's memory holds; 0 takes what its queues need and a reserve.",
               TELLTALE_FIELD(dpdk.buffers)),
        number("dpdk.receive_descriptors", count, {64, 32'768}, at_start,
               "Packets that a card's queue holds; brought into the range of the card.",
               TELLTALE_FIELD(dpdk.receive_descriptors)),
        number("dpdk.buffer_size", size, {1 * kKiB, 16 * kKiB}, at_start,
               "Memory of a packet's first piece. Longer packets come in several.", TELLTALE_FIELD(dpdk.buffer_bytes)),
        list_of(within(open("dpdk.eal_options", text, at_start, "Further options for DPDK, as they are.", "none",
                            "['--lcores=0@1']", TELLTALE_FIELD(dpdk.eal_options)),
                       {1, 255}),
                64),
    };
}

}  // namespace telltale::app
