// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sensor/model/event.h"

namespace telltale::app {

// Bytes up (from devices) and down.
using TwoWays = std::array<std::uint64_t, 2>;

struct OwnerBytes {
    std::string owner;
    TwoWays bytes{};
};

// What the events of this run added up to, for metrics.
struct FleetSums {
    // Owners with a figure of their own; the reserved ones (model::kOwnerInternal ...) always have one.
    std::vector<OwnerBytes> owners;
    TwoWays other{};       // owners without one
    TwoWays taken_back{};  // reported as unattributed first and attributed later: counted twice above
    std::uint64_t owners_in_other = 0;
    std::uint64_t owners_cut = 0;  // of these: with enough bytes for a figure, which the cap forbids
    std::map<std::pair<std::string, std::string>, std::uint64_t> devices;     // by maker and class; empty: not known
    std::map<std::pair<std::string, model::Severity>, std::uint64_t> alerts;  // opened, by policy and severity
    std::uint64_t devices_beyond = 0;  // not counted by maker: more than the limit
    std::uint64_t policies_beyond = 0;
};

// Adds up events on their way to the store: which owners get how much, how many devices of which maker. Figures only
// grow, but for devices, so that Prometheus can take rates of them: an owner who comes to be one of the top K gets a
// figure that begins at 0, what it had before stays in `other`, and it keeps the figure. At most 2 K owners ever get
// one. Bounded: owners and policies by the signatures, devices by `max_devices`. One thread adds, any thread reads.
class FleetFigures {
  public:
    FleetFigures(std::size_t top_owners, std::size_t max_devices)
        : top_owners_(top_owners), max_devices_(max_devices) {}

    void add(const model::Event& event);
    [[nodiscard]] FleetSums sums() const;

  private:
    static constexpr std::size_t kMaxOwners = 10'000;
    static constexpr std::size_t kMaxPolicies = 1'000;

    struct Owner {
        std::uint64_t all = 0;  // bytes of both ways, shown or not
        bool shown = false;
        TwoWays bytes{};  // since it is shown
    };

    void add_transfer(const model::Event& event);
    void add_device(const model::DeviceView& device);
    [[nodiscard]] bool may_be_shown(const Owner& owner) const;

    std::size_t top_owners_;
    std::size_t max_devices_;
    mutable std::mutex mutex_;
    std::map<std::string, Owner, std::less<>> owners_;
    std::size_t shown_ = 0;                                                         // without the reserved ones
    std::unordered_map<std::string, std::pair<std::string, std::string>> devices_;  // id to maker and class
    FleetSums sums_;                                                                // without `owners`
};

}  // namespace telltale::app
