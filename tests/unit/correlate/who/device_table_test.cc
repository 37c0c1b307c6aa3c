// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/device_table.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "tests/unit/correlate/record_feed.h"

namespace telltale::correlate {
namespace {

using testing::ip;
using testing::mac;

constexpr model::Segment on_vlan(std::uint16_t id) { return {model::TapIndex(), id}; }

constexpr const char* kPhone = "0c:1d:af:00:00:05";
constexpr const char* kRouter = "00:11:22:00:00:01";

class Ignore final : public DeviceListener {
  public:
    void on_change(const DeviceChange&) override {}
};

class DeviceTableTest : public ::testing::Test, protected DeviceListener {
  protected:
    void on_change(const DeviceChange& change) override {
        std::vector<model::IpAddress>& held = held_[change.device];
        switch (change.kind) {
            case DeviceChange::Kind::new_device:
                ++new_devices_;
                EXPECT_EQ(change.id_text(), table_[change.device].id);
                break;
            case DeviceChange::Kind::new_mac: ++new_macs_; break;
            case DeviceChange::Kind::new_address:
                ++new_addresses_;
                held.push_back(change.address);
                break;
            case DeviceChange::Kind::lost_address: std::erase(held, change.address); break;
            case DeviceChange::Kind::router: ++routers_; break;
            case DeviceChange::Kind::presence: ADD_FAILURE() << "the table does not know of it"; break;
        }
    }

    // The changes add up to what the table holds.
    void TearDown() override {
        for (DeviceIndex device = 1; device <= table_.size(); ++device) {
            EXPECT_EQ(held_[device], table_[device].addresses) << device;
        }
    }

    DeviceIndex resolve(const char* its_mac, const char* address, model::Segment segment = {}) {
        const model::MacAddress hardware = its_mac == nullptr ? model::MacAddress{} : mac(its_mac);
        return table_.resolve(segment, hardware, ip(address), 1);
    }

    HomeNetworks home_{{}};
    DeviceTable table_{{"key"}, home_, *this};
    std::map<DeviceIndex, std::vector<model::IpAddress>> held_;
    int new_devices_ = 0, new_macs_ = 0, new_addresses_ = 0, routers_ = 0;
};

TEST_F(DeviceTableTest, OneMacWithIpv4AndIpv6IsOneDevice) {
    const DeviceIndex device = resolve(kPhone, "192.168.1.5");
    EXPECT_EQ(resolve(kPhone, "fe80::1"), device);
    EXPECT_EQ(resolve(kPhone, "fd00::7"), device);
    EXPECT_EQ(resolve(kPhone, "0.0.0.0"), device);
    EXPECT_EQ(table_[device].addresses.size(), 3U);
    EXPECT_EQ(new_devices_, 1);
}

TEST_F(DeviceTableTest, TheSameMacInTwoSegmentsIsOneDevice) {
    EXPECT_EQ(resolve(kPhone, "192.168.1.5", on_vlan(1)), resolve(kPhone, "192.168.1.5", on_vlan(2)));
}

TEST_F(DeviceTableTest, EqualAddressesInTwoSegmentsAreTwoDevices) {
    EXPECT_NE(resolve(nullptr, "192.168.1.5", on_vlan(1)), resolve(nullptr, "192.168.1.5", on_vlan(2)));
}

TEST_F(DeviceTableTest, HostsBehindARouterAreDevicesOfTheirOwn) {
    table_.note_router({}, mac(kRouter));
    const DeviceIndex first = resolve(kRouter, "10.0.0.5");
    const DeviceIndex second = resolve(kRouter, "10.0.0.6");
    EXPECT_NE(first, second);
    EXPECT_TRUE(table_[first].macs.empty());
    EXPECT_EQ(resolve(kRouter, "10.0.0.5"), first);
}

TEST_F(DeviceTableTest, ARoutersOwnAddressesAreThoseThatAreBoundToIt) {
    table_.note_router({}, mac(kRouter));
    const DeviceIndex router = table_.bind({}, mac(kRouter), ip("192.168.1.1"), 1);
    EXPECT_EQ(resolve(kRouter, "192.168.1.1"), router);
    EXPECT_EQ(resolve(kRouter, "fe80::1"), router);
    EXPECT_NE(resolve(kRouter, "192.168.1.7"), router);
    EXPECT_EQ(routers_, 1);
}

TEST_F(DeviceTableTest, ManyUnboundAddressesMakeARouter) {
    const DeviceIndex first = resolve(kRouter, "10.0.0.1");
    for (const char* address : {"10.0.0.2", "10.0.0.3", "10.0.0.4"}) EXPECT_EQ(resolve(kRouter, address), first);
    EXPECT_FALSE(table_.is_router({}, mac(kRouter)));
    EXPECT_NE(resolve(kRouter, "10.0.0.5"), first);
    EXPECT_TRUE(table_.is_router({}, mac(kRouter)));
    EXPECT_TRUE(table_[first].addresses.empty());
    EXPECT_NE(resolve(kRouter, "10.0.0.1"), first);
}

TEST_F(DeviceTableTest, ManyBoundAddressesDoNotMakeARouter) {
    for (int i = 1; i < 10; ++i) table_.bind({}, mac(kPhone), ip("10.0.0." + std::to_string(i)), 1);
    for (int i = 1; i < 10; ++i) {
        EXPECT_EQ(resolve(kPhone, ("10.0.0." + std::to_string(i)).c_str()), resolve(kPhone, "10.0.0.1"));
    }
    EXPECT_FALSE(table_.is_router({}, mac(kPhone)));
}

TEST_F(DeviceTableTest, WithoutMacTheAddressDecidesAndALaterMacJoinsIt) {
    const DeviceIndex device = resolve(nullptr, "192.168.1.5");
    const std::string id = table_[device].id;
    EXPECT_EQ(resolve(kPhone, "192.168.1.5"), device);
    EXPECT_EQ(table_[device].id, id);
    EXPECT_EQ(table_[device].macs.size(), 1U);
    EXPECT_EQ(resolve(kPhone, "fe80::1"), device);
    EXPECT_EQ(new_macs_, 1);
}

TEST_F(DeviceTableTest, WithoutMacAnAddressThatAMacHoldsIsThatDevice) {
    EXPECT_EQ(resolve(kPhone, "192.168.1.5"), resolve(nullptr, "192.168.1.5"));
}

TEST_F(DeviceTableTest, AnAddressMovesWithItsHost) {
    const DeviceIndex first = resolve(kPhone, "192.168.1.5");
    const DeviceIndex second = resolve("0c:1d:af:00:00:06", "192.168.1.5");
    EXPECT_NE(first, second);
    EXPECT_TRUE(table_[first].addresses.empty());
    EXPECT_EQ(table_[second].addresses.size(), 1U);
}

// Workers repeat what they have forgotten. That changes nothing, or results would depend on the size of their caches.
TEST_F(DeviceTableTest, AClaimThatIsToldAgainChangesNothing) {
    constexpr const char* kOther = "0c:1d:af:00:00:06";
    const auto claim = [&](const char* its_mac) { return table_.claim({}, mac(its_mac), ip("192.168.1.5"), 1); };
    const DeviceIndex phone = claim(kPhone);
    const DeviceIndex other = claim(kOther);
    EXPECT_EQ(table_[other].addresses.size(), 1U) << "the newer claim holds";
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(claim(kPhone), phone);
        EXPECT_EQ(claim(kOther), other);
    }
    EXPECT_TRUE(table_[phone].addresses.empty());
    EXPECT_EQ(new_addresses_, 2);

    // A lease is no claim: the address moves back, and again.
    for (const char* holder : {kPhone, kOther, kPhone}) table_.bind({}, mac(holder), ip("192.168.1.5"), 2);
    EXPECT_EQ(table_[phone].addresses.size(), 1U);
    claim(kOther);
    EXPECT_TRUE(table_[other].addresses.empty());
}

TEST_F(DeviceTableTest, IdsAreTheSameInTheNextRunAndDifferByKeyAndDevice) {
    const std::string id = table_[resolve(kPhone, "192.168.1.5")].id;
    EXPECT_EQ(id.size(), 32U);
    Ignore nobody;
    DeviceTable again({"key"}, home_, nobody);
    EXPECT_EQ(again[again.resolve({}, mac(kPhone), ip("192.168.1.77"), 9)].id, id);
    EXPECT_NE(again[again.resolve({}, mac(kRouter), ip("192.168.1.1"), 9)].id, id);
    DeviceTable other({"a site's own"}, home_, nobody);
    EXPECT_NE(other[other.resolve({}, mac(kPhone), ip("192.168.1.5"), 9)].id, id);
}

TEST(DeviceTable, IsBoundedAndCounts) {
    Ignore nobody;
    const HomeNetworks home({});
    DeviceTable table({"key", 3, 100, 2}, home, nobody);
    const auto resolve = [&](const char* its_mac, const std::string& address) {
        const model::MacAddress hardware = its_mac == nullptr ? model::MacAddress{} : mac(its_mac);
        return table.resolve({}, hardware, ip(address), 1);
    };
    for (int i = 1; i <= 5; ++i) resolve(nullptr, "10.0.0." + std::to_string(i));
    EXPECT_EQ(table.size(), 3U);
    EXPECT_EQ(table.counters().devices_over_limit, 2U);
    EXPECT_EQ(resolve(nullptr, "10.0.0.9"), kNoDevice);
    const DeviceIndex known = resolve(nullptr, "10.0.0.1");
    EXPECT_NE(known, kNoDevice);
    resolve(kPhone, "10.0.0.1");
    resolve(kPhone, "fe80::1");
    resolve(kPhone, "fe80::2");
    EXPECT_EQ(table[known].addresses.size(), 2U);
    EXPECT_EQ(table.counters().addresses_forgotten, 1U);
}

}  // namespace
}  // namespace telltale::correlate
