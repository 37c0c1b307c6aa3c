// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/base/stable_map.h"
#include "sensor/base/stable_vector.h"
#include "sensor/correlate/config.h"
#include "sensor/correlate/counters.h"
#include "sensor/correlate/evidence.h"
#include "sensor/correlate/home_networks.h"
#include "sensor/correlate/keyed_hash.h"
#include "sensor/correlate/keyed_id.h"
#include "sensor/model/addresses.h"
#include "sensor/model/event.h"
#include "sensor/model/flow_key.h"

namespace telltale::correlate {

struct SavedState;

// Index into the device table. 0: no device.
using DeviceIndex = std::uint32_t;
inline constexpr DeviceIndex kNoDevice = 0;

// What stands behind endpoints. Owned by the DeviceTable, never removed.
struct Device {
    DeviceIndex index = kNoDevice;
    std::string id;
    std::vector<model::IpAddress> addresses;  // oldest first
    std::vector<model::MacAddress> macs;
    std::string host_name;
    std::vector<std::string> host_names;  // all that it used, so that a repeat changes nothing
    bool keyed_by_address = false;
    bool encrypted_dns = false;  // it was seen to ask for names over TLS, HTTPS or QUIC
    EvidenceSet evidence;
    Identity identity;
    std::int64_t first_seen_ns = 0;
    std::int64_t last_seen_ns = 0;

    // What events carry of it, kept until it changes: whoever changes anything but last_seen_ns says so.
    mutable model::SharedPart<model::DeviceView> snapshot;
    void changed() { snapshot.reset(); }
};

// What changed of devices, for the one who reports it.
class DeviceListener {
  public:
    virtual ~DeviceListener() = default;
    virtual void on_new_device(Device& device) = 0;
    virtual void on_new_mac(Device& device, const model::MacAddress& mac) = 0;  // after on_new_device
    virtual void on_new_address(Device& device, const model::IpAddress& address) = 0;
    virtual void on_router(Device& device) = 0;  // it was found to forward for others
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

    DeviceTable(const CorrelateConfig& config, const HomeNetworks& home, DeviceListener& listener, Counters& counters);

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

    // Everything but what was told. restore() is for an empty table, calls no listener, and leaves out (counted) what
    // finds no room.
    void save(SavedState& state) const;
    void restore(const SavedState& state);

    Device& operator[](DeviceIndex index) { return devices_[index]; }
    [[nodiscard]] std::size_t size() const { return devices_.size() - 1; }

    // Calls visit(Device&) in order of appearance.
    template <typename Visit>
    void for_each(Visit&& visit) {
        for (std::size_t i = 1; i < devices_.size(); ++i) visit(devices_[i]);
    }

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
    // What a device's id is made of, or what leads to it beside that: a MAC address, the same in all segments, or an
    // address in a segment.
    struct Identifier {
        std::uint32_t is_address = 0;
        model::Segment segment;
        std::array<std::uint8_t, 16> bytes{};
        bool operator==(const Identifier&) const = default;

        static Identifier of(const model::MacAddress& mac);
        static Identifier of(model::Segment segment, const model::IpAddress& address);
        // "mac:aa:bb:cc:dd:ee:ff", "ip:0:10.0.0.5"
        [[nodiscard]] std::string text() const;
        static std::optional<Identifier> parse(std::string_view text);
    };
    struct MacState {
        DeviceIndex device = kNoDevice;
        bool router = false;
        std::vector<model::IpAddress> unbound;  // home IPv4 addresses, up to the limit
    };
    struct AddressState {
        DeviceIndex device = kNoDevice;
        model::MacAddress bound_mac;
        std::vector<model::MacAddress> lost;  // were bound to it and are not any more; the last kMaxLost of them
    };

    static MacKey key_of(model::Segment segment, const model::MacAddress& mac);
    static AddressKey key_of(model::Segment segment, const model::IpAddress& address);
    MacState* mac_state(model::Segment segment, const model::MacAddress& mac);
    AddressState* address_state(model::Segment segment, const model::IpAddress& address);
    DeviceIndex device_of_mac(MacState& state, const model::MacAddress& mac, AddressState* address,
                              std::int64_t time_ns);
    DeviceIndex device_of_address(model::Segment segment, const model::IpAddress& address, AddressState* state,
                                  std::int64_t time_ns, Create create);
    DeviceIndex add_device(const Identifier& identifier, std::int64_t time_ns);
    void attach(DeviceIndex index, AddressState* state, const model::IpAddress& address);
    static void bind_address(AddressState& state, const model::MacAddress& mac);
    void become_router(model::Segment segment, MacState& state, const model::MacAddress& mac);

    const CorrelateConfig& config_;
    const HomeNetworks& home_;
    DeviceListener& listener_;
    Counters& counters_;
    const SiteHash site_;
    base::StableVector<Device> devices_;  // [0] stands for no device
    base::StableMap<Identifier, DeviceIndex, PackedHash<Identifier>> by_identifier_;
    base::StableMap<MacKey, MacState, PackedHash<MacKey>> macs_;
    base::StableMap<AddressKey, AddressState, PackedHash<AddressKey>> addresses_;
};

}  // namespace telltale::correlate
