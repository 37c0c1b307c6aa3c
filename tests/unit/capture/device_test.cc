// SPDX-License-Identifier: Apache-2.0
// Devices as they are configured, and what is said of those that cannot be used.
#include "sensor/capture/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sensor/capture/device_clock.h"
#include "sensor/capture/eal.h"
#include "sensor/capture/symmetric_hash.h"
#include "tests/unit/capture/scratch_files.h"

namespace telltale::capture {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Device, IsTakenApart) {
    struct Case {
        std::string given;
        DeviceKind kind;
        std::string name, driver, interface;
        bool plays_file, losses_known;
    };
    const std::vector<Case> cases = {
        {"eth0", DeviceKind::interface, "net_af_packet1007", "net_af_packet", "eth0", false, false},
        {"0000:03:00.0", DeviceKind::pci, "0000:03:00.0", "", "", false, true},
        {"net_pcap0,rx_pcap=a.pcap", DeviceKind::virtual_device, "net_pcap0", "net_pcap", "", true, true},
        {"net_pcap0,rx_pcap=a,infinite_rx=1", DeviceKind::virtual_device, "net_pcap0", "net_pcap", "", false, true},
        {"net_pcap1,iface=eth1", DeviceKind::virtual_device, "net_pcap1", "net_pcap", "eth1", false, true},
        {"net_af_xdp0,iface=eth1", DeviceKind::virtual_device, "net_af_xdp0", "net_af_xdp", "eth1", false, true},
        {"net_af_packet5,iface=eth1", DeviceKind::virtual_device, "net_af_packet5", "net_af_packet", "eth1", false,
         false},
        {"net_ring0", DeviceKind::virtual_device, "net_ring0", "net_ring", "", false, true},
        {"net_null_b", DeviceKind::virtual_device, "net_null_b", "net_null", "", false, true},
        {"net0", DeviceKind::interface, "net_af_packet1007", "net_af_packet", "net0", false, false},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.given);
        const auto device = parse_device(test.given, 7);
        ASSERT_TRUE(device) << device.error().text;
        EXPECT_EQ(device->kind, test.kind);
        EXPECT_EQ(device->name, test.name);
        EXPECT_EQ(device->driver, test.driver);
        EXPECT_EQ(device->interface, test.interface);
        EXPECT_EQ(device->plays_file, test.plays_file);
        EXPECT_EQ(device->losses_known, test.losses_known);
    }
}

TEST(Device, OnPacketSocketsHasALargeRing) {
    EXPECT_EQ(parse_device("eth0", 0)->arguments, "iface=eth0,blocksz=1048576,framesz=2048,framecnt=65536,qpairs=1");
    EXPECT_EQ(parse_device("net_af_packet0,iface=eth0,framecnt=512", 0)->arguments,
              "iface=eth0,framecnt=512,blocksz=1048576,framesz=2048,qpairs=1")
        << "what was asked for stays";
}

TEST(Device, OfATapOfTwoPortsTellsTheKernelsTimes) {
    const auto device = parse_device("eth0", 3, true);
    ASSERT_TRUE(device);
    EXPECT_EQ(device->driver, "net_pcap");
    EXPECT_EQ(device->name, "net_pcap1003");
    EXPECT_EQ(device->arguments, "rx_iface=eth0");
    EXPECT_EQ(device->interface, "eth0");
    EXPECT_FALSE(device->plays_file);
    EXPECT_TRUE(device->losses_known);
}

TEST(Device, IsRefusedWithWhatIsWrong) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "without a device"},
        {"net_af_packet0,iface=eth0,qpairs=2", "qpairs=2"},
        {"net_af_packet0", "needs an interface"},
        {"net_af_xdp0,start_queue=1", "needs an interface"},
        {"net_pcap0", "rx_pcap=FILE"},
        {"net_bogus0,a=b", "net_af_packet, net_af_xdp, net_pcap"},
    };
    for (const auto& [given, said] : cases) {
        SCOPED_TRACE(given);
        const auto device = parse_device(given, 0);
        ASSERT_FALSE(device);
        EXPECT_THAT(device.error().text, AllOf(HasSubstr(given), HasSubstr(said)));
    }
}

TEST(Device, OfFilesThatAreMissingIsRefused) {
    const auto device = parse_device("net_pcap0,rx_pcap=/nowhere/day.pcap", 0);
    ASSERT_TRUE(device);
    EXPECT_THAT(check_device(*device).error().text, HasSubstr("ls -l /nowhere/day.pcap"));
    const auto interface = parse_device("nosuch0", 0);
    ASSERT_TRUE(interface);
    EXPECT_THAT(check_device(*interface).error().text, AllOf(HasSubstr("nosuch0"), HasSubstr("ip link")));
}

// A card in a /sys of the test's own.
TEST(Device, CardsNameTheCommandThatMendsThem) {
    const ScratchFolder scratch;
    const std::filesystem::path sys = scratch.path();
    const auto add = [&](const std::string& address, const std::string& driver) {
        const auto card = sys / "bus/pci/devices" / address;
        std::filesystem::create_directories(card);
        if (!driver.empty()) std::filesystem::create_symlink("../../../bus/pci/drivers/" + driver, card / "driver");
    };
    add("0000:03:00.0", "ixgbe");
    add("0000:03:00.1", "vfio-pci");
    add("0000:03:00.2", "");
    add("0000:03:00.3", "mlx5_core");
    const std::vector<std::tuple<std::string, std::string>> cases = {
        {"0000:03:00.0", "the kernel's driver ixgbe; bind it with: sudo dpdk-devbind.py --bind=vfio-pci"},
        {"0000:03:00.1", ""},
        {"0000:03:00.2", "bound to no driver"},
        {"0000:03:00.3", ""},
        {"0000:04:00.0", "no such PCI device"},
    };
    for (const auto& [address, said] : cases) {
        SCOPED_TRACE(address);
        const base::Status status = check_device(*parse_device(address, 0), sys);
        EXPECT_EQ(static_cast<bool>(status), said.empty());
        if (!status) {
            EXPECT_THAT(status.error().text, AllOf(HasSubstr(address), HasSubstr(said)));
        }
    }
}

TEST(Hugepages, ThatAreMissingNameTheCommand) {
    const ScratchFolder scratch;
    const std::filesystem::path sys = scratch.path();
    EXPECT_THAT(check_hugepages(sys).error().text, HasSubstr("sysctl vm.nr_hugepages"));
    const auto folder = sys / "kernel/mm/hugepages/hugepages-2048kB";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "free_hugepages") << "0\n";
    EXPECT_FALSE(check_hugepages(sys));
    std::ofstream(folder / "free_hugepages") << "17\n";
    EXPECT_TRUE(check_hugepages(sys));
}

TEST(DeviceClock, FollowsTheWallClock) {
    constexpr std::int64_t kNow = 1'700'000'000'000'000'000;
    DeviceClock clock;
    EXPECT_EQ(clock.wall_ns(5000, kNow), kNow) << "nothing is known yet";
    clock.look(1'000, kNow);
    EXPECT_EQ(clock.wall_ns(1'500, kNow + 7), kNow + 7) << "the rate is not known yet";
    EXPECT_FALSE(clock.wants_look(kNow + 1));
    EXPECT_TRUE(clock.wants_look(kNow + DeviceClock::kLookEveryNs));
    clock.look(1'000 + 250'000'000, kNow + 1'000'000'000);  // 250 MHz
    EXPECT_EQ(clock.wall_ns(1'000 + 250'000'250, kNow + 1'000'001'500), kNow + 1'000'001'000);
    EXPECT_EQ(clock.wall_ns(1'000 + 249'999'750, kNow + 1'000'000'000), kNow + 999'999'000) << "before the look";
    EXPECT_EQ(clock.wall_ns(7, kNow + 9'000'000'000), kNow + 9'000'000'000) << "a clock that was reset";
}

// Toeplitz as cards compute it: for every set bit of the input the 32 bits of the key that begin there.
std::uint32_t toeplitz(const std::vector<std::uint8_t>& input) {
    const auto key = symmetric_key();
    std::uint32_t hash = 0;
    for (std::size_t bit = 0; bit < input.size() * 8; ++bit) {
        if ((input[bit / 8] >> (7 - bit % 8) & 1) == 0) continue;
        for (std::size_t i = 0; i < 32; ++i) {
            const std::uint32_t of_key = static_cast<std::uint32_t>(key[(bit + i) / 8] >> (7 - (bit + i) % 8)) & 1U;
            hash ^= of_key << (31 - i);
        }
    }
    return hash;
}

TEST(SymmetricKey, LeadsBothDirectionsToOneQueue) {
    const std::vector<std::uint8_t> there = {10, 1, 2, 3, 192, 0, 2, 77, 0x9c, 0x41, 0x01, 0xbb};
    const std::vector<std::uint8_t> back = {192, 0, 2, 77, 10, 1, 2, 3, 0x01, 0xbb, 0x9c, 0x41};
    const std::vector<std::uint8_t> other = {192, 0, 2, 78, 10, 1, 2, 3, 0x01, 0xbb, 0x9c, 0x41};
    EXPECT_EQ(toeplitz(there), toeplitz(back));
    EXPECT_NE(toeplitz(there), toeplitz(other));
}

TEST(TapConfig, IsChecked) {
    const auto tap = [](std::string name, std::vector<PortConfig> ports) {
        TapConfig made;
        made.name = std::move(name);
        made.ports = std::move(ports);
        return made;
    };
    struct Case {
        std::string description;
        std::vector<TapConfig> taps;
        std::string said;  // empty: sound
    };
    const std::vector<Case> cases = {
        {"one port", {tap("a", {{"eth0"}})}, ""},
        {"two ports, two taps", {tap("a", {{"eth0"}, {"eth1"}}), tap("b", {{"eth2"}})}, ""},
        {"none", {}, "at least one"},
        {"no name", {tap("", {{"eth0"}})}, "no name"},
        {"one name twice", {tap("a", {{"eth0"}}), tap("a", {{"eth1"}})}, "two taps are named a"},
        {"no port", {tap("a", {})}, "0 ports"},
        {"three ports", {tap("a", {{"eth0"}, {"eth1"}, {"eth2"}})}, "3 ports"},
        {"one interface twice", {tap("a", {{"eth0"}}), tap("b", {{"eth0"}})}, "eth0 is used twice"},
        {"one vdev twice", {tap("a", {{"net_null0"}, {"net_null0,size=60"}})}, "is used twice"},
        {"a file beside an interface", {tap("a", {{"eth0"}, {"net_pcap0,rx_pcap=f"}})}, "cannot be mixed"},
        {"two files", {tap("a", {{"net_pcap0,rx_pcap=f"}, {"net_pcap1,rx_pcap=g"}})}, ""},
        {"a device that does not exist", {tap("left", {{"net_bogus0,x"}})}, "tap left: net_bogus0,x"},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.description);
        const base::Status status = check({}, test.taps);
        EXPECT_EQ(static_cast<bool>(status), test.said.empty());
        if (!status) {
            EXPECT_THAT(status.error().text, HasSubstr(test.said));
        }
    }
    DpdkConfig dpdk;
    dpdk.buffer_bytes = 60;
    EXPECT_THAT(check(dpdk, {tap("a", {{"eth0"}})}).error().text, HasSubstr("dpdk.buffer_bytes: 60"));
    dpdk = {};
    dpdk.receive_descriptors = 1;
    EXPECT_THAT(check(dpdk, {tap("a", {{"eth0"}})}).error().text, HasSubstr("dpdk.receive_descriptors: 1"));
}

}  // namespace
}  // namespace telltale::capture
