// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/addresses.h"
#include "tests/support/tcp_conversation.h"
#include "tests/support/tls_hello.h"

namespace telltale::support {

// An Internet host as its clients see it. Names and addresses are of the kind that the owner really uses; where an
// address is hosted does not identify the owner, as in reality.
struct RemoteHost {
    std::string name;
    std::string owner;  // "unattributed" if no signature has the name
    std::string category;
    std::vector<std::string> aliases;  // CNAMEs in order; the addresses belong to the last
    std::vector<Ip> addresses;
    std::uint64_t rtt_ms = 40;
    std::uint32_t ttl_s = 300;
};

const RemoteHost& remote_host(std::string_view name);  // throws std::out_of_range for a name that is not listed

enum class Wire : std::uint8_t { tls, http };

// Repeated exchanges of a device with a host.
struct Habit {
    std::string host;
    std::uint64_t interval_s;
    std::uint32_t jitter_percent;
    std::uint32_t exchanges;             // requests in a session
    std::uint32_t bytes_up, bytes_down;  // a request and its answer
    Wire wire = Wire::tls;
    std::string target = "/";         // for HTTP
    std::uint32_t until_first_s = 0;  // 0: anywhere in the first interval
};

// A long-lived connection with a few octets in each direction now and then.
struct PushHabit {
    std::string host;
    std::uint16_t port = 443;
    std::uint64_t interval_s = 0;
    bool tls = true;  // otherwise the maker's own protocol in clear
};

// A device's identity and behaviour.
struct DeviceProfile {
    std::string maker, model, os, device_class;
    std::string mac_prefix;  // registered to the maker; empty: a random address
    std::string host_name;
    std::string dhcp_vendor_class;
    Bytes dhcp_parameters;
    Bytes dhcp_options;  // order of the options of a request
    TcpStyle tcp = TcpStyle::linux_like;
    HelloStyle hello = HelloStyle::android_modern;
    std::string user_agent;
    bool ipv6 = true;
    std::vector<Habit> habits;
    std::vector<PushHabit> push;
};

// The devices of the office. first_boot_phone is separate: its day is written by hand.
std::span<const DeviceProfile> office_devices();
const DeviceProfile& first_boot_phone();
const DeviceProfile& gateway_profile();

}  // namespace telltale::support
