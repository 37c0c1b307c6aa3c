// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/device.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

namespace telltale::capture {
namespace {

constexpr auto kVirtualDrivers = std::to_array<std::string_view>(
    {"net_af_packet", "net_af_xdp", "net_pcap", "net_ring", "net_memif", "net_tap", "net_null"});
// Kernel drivers that hand a card over to DPDK or share it with DPDK.
constexpr auto kCardDrivers =
    std::to_array<std::string_view>({"vfio-pci", "uio_pci_generic", "igb_uio", "mlx5_core", "mlx4_core", "mana"});

bool is_pci_address(std::string_view text) {  // dddd:bb:dd.f
    static constexpr std::string_view kForm = "xxxx:xx:xx.x";
    if (text.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
        if (kForm[i] == 'x' ? !hex : text[i] != kForm[i]) return false;
    }
    return true;
}

std::optional<std::string> argument(const std::string& arguments, std::string_view key) {
    for (std::size_t at = 0; at <= arguments.size();) {
        const std::size_t end = std::min(arguments.find(',', at), arguments.size());
        const std::string_view pair = std::string_view(arguments).substr(at, end - at);
        if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
            return std::string(pair.substr(key.size() + 1));
        }
        at = end + 1;
    }
    return std::nullopt;
}

void add_default(std::string& arguments, std::string_view key, std::uint64_t value) {
    if (argument(arguments, key)) return;
    arguments += (arguments.empty() ? "" : ",") + std::string(key) + "=" + std::to_string(value);
}

// Returns the driver's name, which precedes the number: net_pcap0, net_af_xdp_left.
std::string_view driver_of(std::string_view name) {
    std::string_view best;
    for (std::string_view driver : kVirtualDrivers) {
        if (name.starts_with(driver) && driver.size() > best.size()) best = driver;
    }
    return best;
}

base::Status complete_packet_socket(PortDevice& device) {
    if (device.interface.empty()) {
        return base::Error{device.given + ": " + device.driver + " needs an interface: " + device.driver +
                           "0,iface=eth0"};
    }
    if (device.driver != "net_af_packet") return base::Done{};
    const std::string pairs = argument(device.arguments, "qpairs").value_or("1");
    if (pairs != "1") {
        return base::Error{device.given + ": qpairs=" + pairs +
                           " would send the two directions of a flow to different workers; leave it out, or write "
                           "qpairs=1"};
    }
    add_default(device.arguments, "blocksz", kBlockBytes);
    add_default(device.arguments, "framesz", kRingFrameBytes);
    add_default(device.arguments, "framecnt", kRingFrames);
    add_default(device.arguments, "qpairs", 1);
    device.losses_known = false;
    device.cuts_frames = true;
    return base::Done{};
}

base::Status complete_pcap(PortDevice& device) {
    const auto file = argument(device.arguments, "rx_pcap");
    for (const char* key : {"iface", "rx_iface", "rx_iface_in"}) {
        if (auto name = argument(device.arguments, key)) device.interface = *name;
    }
    if (!file && device.interface.empty()) {
        return base::Error{device.given +
                           ": net_pcap needs a file or an interface: net_pcap0,rx_pcap=FILE or net_pcap0,iface=eth0"};
    }
    device.plays_file = file && argument(device.arguments, "infinite_rx").value_or("0") == "0";
    return base::Done{};
}

base::Status check_card(const std::string& address, const std::filesystem::path& sys) {
    const std::filesystem::path folder = sys / "bus/pci/devices" / address;
    std::error_code error;
    if (!std::filesystem::exists(folder, error)) {
        return base::Error{address + ": there is no such PCI device; see: dpdk-devbind.py --status-dev net"};
    }
    const std::string driver = std::filesystem::read_symlink(folder / "driver", error).filename();
    if (error || std::find(kCardDrivers.begin(), kCardDrivers.end(), driver) == kCardDrivers.end()) {
        const std::string bound = error ? "no driver" : "the kernel's driver " + driver;
        return base::Error{address + ": the card is bound to " + bound +
                           "; bind it with: sudo dpdk-devbind.py --bind=vfio-pci " + address};
    }
    const std::string group = std::filesystem::read_symlink(folder / "iommu_group", error).filename();
    if (driver == "vfio-pci" && !error) {
        const std::string node = "/dev/vfio/" + group;
        if (std::filesystem::exists(node, error) && access(node.c_str(), R_OK | W_OK) != 0) {
            return base::Error{address + ": this user may not use the card: sudo chown \"$USER\" " + node};
        }
    }
    return base::Done{};
}

base::Status check_file(const PortDevice& device) {
    const std::string file = argument(device.arguments, "rx_pcap").value_or("");
    if (file.empty() || access(file.c_str(), R_OK) == 0) return base::Done{};
    return base::Error{device.given + ": the capture " + file + " does not exist or cannot be read; see: ls -l " +
                       file};
}

}  // namespace

DeviceKind kind_of(const std::string& device) {
    if (is_pci_address(device)) return DeviceKind::pci;
    const std::string_view name = std::string_view(device).substr(0, device.find(','));
    const bool has_arguments = device.find(',') != std::string::npos;
    const bool virtual_name = name.starts_with("net_") && (has_arguments || !driver_of(name).empty());
    return virtual_name ? DeviceKind::virtual_device : DeviceKind::interface;
}

base::Result<PortDevice> parse_device(const std::string& given, std::size_t number, bool one_of_two) {
    PortDevice device;
    device.given = given;
    device.kind = kind_of(given);
    base::Status completed = base::Done{};
    if (given.empty()) return base::Error{"a port without a device; name an interface, a PCI address or a vdev"};
    switch (device.kind) {
        case DeviceKind::pci: device.name = given; break;
        case DeviceKind::interface:
            device.driver = one_of_two ? "net_pcap" : "net_af_packet";
            device.name = device.driver + std::to_string(1000 + number);  // numbers that configured names do not use
            device.interface = given;
            device.arguments = (one_of_two ? "rx_iface=" : "iface=") + given;
            completed = one_of_two ? complete_pcap(device) : complete_packet_socket(device);
            break;
        case DeviceKind::virtual_device: {
            const std::size_t comma = std::min(given.find(','), given.size());
            device.name = given.substr(0, comma);
            device.arguments = comma == given.size() ? "" : given.substr(comma + 1);
            device.driver = driver_of(device.name);
            if (device.driver.empty()) {
                std::string known;
                for (std::string_view driver : kVirtualDrivers)
                    known += (known.empty() ? "" : ", ") + std::string(driver);
                return base::Error{given + ": " + device.name + " is not one of these virtual devices: " + known};
            }
            if (device.driver == "net_af_packet" || device.driver == "net_af_xdp") {
                device.interface = argument(device.arguments, "iface").value_or("");
                completed = complete_packet_socket(device);
            } else if (device.driver == "net_pcap") {
                completed = complete_pcap(device);
            } else if (device.driver == "net_tap") {
                device.losses_known = false;
            }
            break;
        }
    }
    if (!completed) return completed.error();
    return device;
}

base::Status check_device(const PortDevice& device, const std::filesystem::path& sys) {
    if (device.kind == DeviceKind::pci) return check_card(device.name, sys);
    if (device.driver == "net_pcap" && device.interface.empty()) return check_file(device);
    if (device.driver == "net_tap" && access("/dev/net/tun", R_OK | W_OK) != 0) {
        return base::Error{device.given + ": this user may not create tap interfaces (/dev/net/tun); run it with sudo"};
    }
    if (device.interface.empty()) return base::Done{};
    const auto state = check_interface(device.interface, device.driver == "net_af_packet" ? kMappedBytes : 0);
    if (!state) return state.error();
    return base::Done{};
}

base::Status check_hugepages(const std::filesystem::path& sys) {
    std::uint64_t free_pages = 0;
    std::error_code error;
    for (const auto& size : std::filesystem::directory_iterator(sys / "kernel/mm/hugepages", error)) {
        std::uint64_t pages = 0;
        std::ifstream(size.path() / "free_hugepages") >> pages;
        free_pages += pages;
    }
    if (free_pages != 0) return base::Done{};
    return base::Error{
        "dpdk.hugepages: no free hugepages; reserve some with: sudo sysctl vm.nr_hugepages=512 (1 GiB "
        "of 2 MiB pages), or switch the option off"};
}

}  // namespace telltale::capture
