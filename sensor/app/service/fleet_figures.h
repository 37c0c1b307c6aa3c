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

// An owner's bytes, for a metric.
struct OwnerBytes {
    std::string owner;
    TwoWays bytes{};
};

// Sums of the events since the start, for metrics.
struct FleetSums {
    // Owners with a metric of their own; the reserved ones (model::kOwnerInternal ...) always have one.
    std::vector<OwnerBytes> owners;
    TwoWays other{};       // owners without one
    TwoWays taken_back{};  // reported as unattributed first and attributed later: counted twice above
    std::uint64_t owners_in_other = 0;
    std::uint64_t owners_cut = 0;  // with enough bytes for a metric, but beyond the limit
    // By country of the owner's control; empty: the owner is not known, or its country. Without what stays inside.
    std::map<std::string, TwoWays> countries;
    std::map<std::string, std::uint64_t> devices_by_maker;  // the largest, and "other"; empty: not known
    std::map<std::string, std::uint64_t> devices_by_class;  // empty: not known
    std::map<std::pair<std::string, model::Severity>, std::uint64_t> alerts;  // opened, by policy and severity
    std::uint64_t devices_beyond = 0;                                         // not counted: more than the limit
    std::uint64_t policies_beyond = 0;
};

// Adds up events on their way to the store: bytes per owner and country, devices per maker and class. All sums but
// those of devices only grow, so that Prometheus can compute rates: an owner that enters the top K gets a metric that
// starts at 0 and keeps it; its earlier bytes remain in `other`. At most 2 K owners ever get one. Bounded: owners,
// countries, classes and policies by the signatures, devices by `max_devices`. One thread adds, any thread reads.
class FleetFigures {
  public:
    FleetFigures(std::size_t top_owners, std::size_t max_devices)
        : top_owners_(top_owners), max_devices_(max_devices) {}

    // Shows a policy from the start, with 0 alerts: a counter that begins with its first alert never seems to grow.
    void expect_alerts(const std::string& policy, model::Severity severity);
    void add(const model::Event& event);
    [[nodiscard]] FleetSums sums() const;

  private:
    static constexpr std::size_t kMaxOwners = 10'000;
    static constexpr std::size_t kMaxPolicies = 1'000;
    static constexpr std::size_t kMakersShown = 50;

    struct Owner {
        std::uint64_t all = 0;  // bytes in both directions, shown or not
        bool shown = false;
        TwoWays bytes{};  // since it is shown
    };

    void add_transfer(const model::Event& event);
    void add_to_country(const model::DestinationView& destination, const std::array<std::int64_t, 2>& deltas);
    void add_device(const model::DeviceView& device);
    [[nodiscard]] bool may_be_shown(const Owner& owner) const;

    std::size_t top_owners_;
    std::size_t max_devices_;
    mutable std::mutex mutex_;
    std::map<std::string, Owner, std::less<>> owners_;
    std::size_t shown_ = 0;                                                         // without the reserved ones
    std::unordered_map<std::string, std::pair<std::string, std::string>> devices_;  // id to maker and class
    std::unordered_map<std::string, std::uint64_t> makers_;
    FleetSums sums_;  // without `owners` and `devices_by_maker`
};

}  // namespace telltale::app
