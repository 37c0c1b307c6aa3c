// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tests/support/addresses.h"
#include "tests/support/packet_builder.h"

namespace telltale::support {

// The results that a sensor must report for a generated capture: the oracle of system tests.
//
// Every frame is labelled with the row it belongs to: one device and one destination. The device of a row is the one
// that sent the first packet of the flow; `up` is what it sent. Bytes are IP lengths, counted as the frames are built.
// Reserved owners: internal (both ends at home), multicast (also broadcast), unattributed (no name on the wire, or a
// name that no signature has).
class Truth {
  public:
    struct Device {
        Mac mac;
        std::vector<Ip> addresses;
        std::string maker, model, os, device_class, host_name;
    };
    struct Destination {
        std::size_t device = 0;
        std::string owner, name, category;
        std::string named_by;  // tls, http, dns or none: the best evidence on the wire
        std::set<std::string> addresses = {};
        std::uint64_t bytes_up = 0, bytes_down = 0, packets_up = 0, packets_down = 0;
    };
    // An identifier in clear; `text` is as sent, after URL decoding.
    struct Leak {
        std::size_t device = 0;
        std::string identifier, parameter, text, host;
        std::uint64_t count = 0;
    };

    std::size_t add_device(Device device);
    // Returns the label for frames of this device and destination; the same for the same arguments.
    std::uint32_t row(std::size_t device, std::string_view owner, std::string_view name, std::string_view category = "",
                      std::string_view named_by = "none");
    void add_address(std::uint32_t label, const Ip& ip);
    void add_leak(std::size_t device, std::string_view identifier, std::string_view parameter, std::string_view text,
                  std::string_view host);
    void expect(std::string_view what, std::uint64_t count = 1) { expected_[std::string(what)] += count; }
    void count(const TimedFrame& frame);  // throws std::logic_error for an IP packet without label

    const std::vector<Device>& devices() const { return devices_; }
    const std::vector<Destination>& destinations() const { return rows_; }
    const std::vector<Leak>& leaks() const { return leaks_; }
    std::uint64_t expected(std::string_view what) const;
    std::uint64_t frames() const { return frames_; }
    std::uint64_t frames_not_ip() const { return frames_not_ip_; }
    std::uint64_t first_ns() const { return first_ns_; }
    std::uint64_t last_ns() const { return last_ns_; }

    void write_json(std::ostream& out, std::string_view scenario, std::uint64_t seed) const;

  private:
    std::vector<Device> devices_;
    std::vector<Destination> rows_;
    std::map<std::tuple<std::size_t, std::string, std::string>, std::uint32_t> labels_;
    std::vector<Leak> leaks_;
    std::map<std::string, std::uint64_t> expected_;
    std::uint64_t frames_ = 0, frames_not_ip_ = 0, first_ns_ = 0, last_ns_ = 0;
};

}  // namespace telltale::support
