// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/counters.h"
#include "sensor/base/keyed_hash.h"
#include "sensor/base/stable_map.h"
#include "sensor/base/stable_vector.h"
#include "sensor/correlate/rows/changed_rows.h"
#include "sensor/correlate/who/device.h"
#include "sensor/correlate/who/device_change.h"
#include "sensor/correlate/who/home_networks.h"
#include "sensor/correlate/who/identifier.h"
#include "sensor/correlate/who/kept.h"
#include "sensor/correlate/who/keyed_id.h"
#include "sensor/model/addresses.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

class RowWriter;

#define TELLTALE_DEVICE_TABLE_COUNTERS(X)                                                  \
    X(devices, counter, "Devices that were seen")                                          \
    X(devices_over_limit, counter, "Endpoints that found no room in the device table")     \
    X(addresses_over_limit, counter, "Addresses that found no room in the address table")  \
    X(addresses_forgotten, counter, "Addresses of a device that made room for newer ones") \
    X(routers, counter, "MAC addresses that were found to forward for others")

// Counted by the DeviceTable.
struct DeviceTableCounters {
    TELLTALE_COUNTERS(DeviceTableCounters, TELLTALE_DEVICE_TABLE_COUNTERS)
};

// Hears how devices change, in order.
class DeviceListener {
  public:
    virtual ~DeviceListener() = default;
    virtual void on_change(const DeviceChange& change) = 0;
};

// Endpoints -> devices. An endpoint is a MAC address in a segment when the MAC address is the host's own; else a home
// address in a segment. A MAC address is a router's when it sends frames from, or gets frames for, IPv4 hosts that are
// not home, or when more than kMaxUnboundAddresses home IPv4 addresses come from it that neither ARP nor DHCP binds to
// it. Home addresses behind a router are devices of their own, except the router's own: those that are bound to it, and
// link-local ones. Without MAC address (raw IP, the far side of cooked captures) the address decides; when a host's MAC
// address shows later, the device gets it and keeps its id. The same MAC address in two segments is one device.
class DeviceTable {
  public:
    static constexpr std::size_t kMaxUnboundAddresses = 4;
    static constexpr std::size_t kMaxLost = 8;

    struct Config {
        std::string site_key;
        std::size_t max_devices = 65'536;
        std::size_t max_addresses = 262'144;  // address -> device, and what binds it
        std::size_t max_addresses_per_device = 16;
        bool keep_rows = false;  // somebody calls write_changes()
    };
    using Counters = DeviceTableCounters;

    DeviceTable(Config config, const HomeNetworks& home, DeviceListener& listener);

    enum class Create : std::uint8_t { yes, known_address };  // known_address: no new device for an address alone

    // The device that sends or gets frames with this MAC address for this home (or unspecified) address.
    DeviceIndex resolve(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address,
                        std::int64_t time_ns, Create create = Create::yes);
    DeviceIndex resolve_mac(model::Segment segment, const model::MacAddress& mac, std::int64_t time_ns);

    // resolve() will be asked for these soon.
    void prefetch(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address) const {
        macs_.prefetch(key_of(segment, mac));
        if (home_.contains(segment, address)) addresses_.prefetch(key_of(segment, address));
    }

    // DHCP or a frame that no router passes on says that the MAC address has the address.
    DeviceIndex bind(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address,
                     std::int64_t time_ns);
    // The MAC address itself says so, by ARP or neighbour discovery. One that lost the address to another does not get
    // it back by saying so again: workers pass such repeats on or not, and two hosts that both claim an address (VRRP,
    // a conflict) would take it from each other without end.
    DeviceIndex claim(model::Segment segment, const model::MacAddress& mac, const model::IpAddress& address,
                      std::int64_t time_ns);
    void note_router(model::Segment segment, const model::MacAddress& mac);
    [[nodiscard]] bool is_router(model::Segment segment, const model::MacAddress& mac) const;
    // It holds a home address and forwards for nobody.
    [[nodiscard]] bool is_home_host(model::Segment segment, const model::MacAddress& mac) const;

    // Adds the rows that the next run needs.
    void save(KeptWho& kept) const;
    // Writes the rows that have changed since they were written last, until no more are wanted. Returns whether that
    // was all.
    bool write_changes(RowWriter& rows);
    // The same for one device. Returns whether more rows are wanted.
    bool write_device(DeviceIndex index, RowWriter& rows);
    // Lets write_changes() write all rows.
    void note_all();
    // For an empty table; calls no listener. Leaves out, and counts, what finds no room.
    void restore(const KeptWho& kept);

    const Device& operator[](DeviceIndex index) const { return devices_[index]; }
    [[nodiscard]] std::size_t size() const { return devices_.size() - 1; }
    [[nodiscard]] const Counters& counters() const { return counters_; }

  private:
    struct MacKey {
        model::Segment segment;
        std::array<std::uint8_t, 8> mac;
        bool operator==(const MacKey&) const = default;
    };
    struct AddressKey {
        model::Segment segment;
        std::array<std::uint8_t, 16> address;
        bool operator==(const AddressKey&) const = default;
    };
    struct MacState {
        DeviceIndex device = kNoDevice;
        bool router = false;
        std::vector<model::IpAddress> unbound;  // home IPv4 addresses, up to the limit
        bool noted = false;
    };
    struct AddressState {
        DeviceIndex device = kNoDevice;
        model::MacAddress bound_mac;
        std::vector<model::MacAddress> lost;  // were bound to it and are not any more; the last kMaxLost of them
        bool noted = false;
    };

    static MacKey key_of(model::Segment segment, const model::MacAddress& mac);
    static AddressKey key_of(model::Segment segment, const model::IpAddress& address);
    MacState* mac_state(model::Segment segment, const model::MacAddress& mac);
    AddressState* address_state(model::Segment segment, const model::IpAddress& address);
    DeviceIndex device_of_mac(model::Segment segment, MacState& state, const model::MacAddress& mac,
                              AddressState* address, std::int64_t time_ns);
    DeviceIndex device_of_address(model::Segment segment, const model::IpAddress& address, AddressState* state,
                                  std::int64_t time_ns, Create create);
    DeviceIndex add_device(const Identifier& identifier, std::int64_t time_ns);
    void attach(model::Segment segment, DeviceIndex index, AddressState* state, const model::IpAddress& address);
    void lose(Device& device, const model::IpAddress& address);
    void tell(const DeviceChange& change) { listener_.on_change(change); }
    void tell_new(const Device& device);
    static bool bind_address(AddressState& state, const model::MacAddress& mac);
    void add_identifier(Device& device, const Identifier& identifier);
    void note(Device& device) { changed_devices_.note(device.noted, device.index); }
    void note(model::Segment segment, const model::MacAddress& mac, MacState& state) {
        changed_macs_.note(state.noted, key_of(segment, mac));
    }
    void note(model::Segment segment, const model::IpAddress& address, AddressState& state) {
        changed_addresses_.note(state.noted, key_of(segment, address));
    }
    [[nodiscard]] KeptDevice kept(const Device& device) const;
    [[nodiscard]] static KeptMac kept(const MacKey& key, const MacState& state);
    [[nodiscard]] static KeptAddress kept(const AddressKey& key, const AddressState& state);
    void become_router(model::Segment segment, MacState& state, const model::MacAddress& mac);

    const Config config_;
    const HomeNetworks& home_;
    DeviceListener& listener_;
    Counters counters_;
    const SiteHash site_;
    base::StableVector<Device> devices_;  // [0] is no device
    base::StableMap<Identifier, DeviceIndex, base::PackedHash<Identifier>> by_identifier_;
    base::StableMap<MacKey, MacState, base::PackedHash<MacKey>> macs_;
    base::StableMap<AddressKey, AddressState, base::PackedHash<AddressKey>> addresses_;
    ChangedRows<DeviceIndex> changed_devices_;
    ChangedRows<MacKey> changed_macs_;
    ChangedRows<AddressKey> changed_addresses_;
};

}  // namespace telltale::correlate
