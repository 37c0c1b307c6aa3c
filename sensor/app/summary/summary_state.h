// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sensor/app/summary/summary.h"
#include "sensor/base/keyed_hash.h"
#include "sensor/base/stable_vector.h"
#include "sensor/model/event.h"

namespace telltale::app {

// Bytes up (from the device) and down. Deltas can be negative until late attributions have arrived.
struct Traffic {
    std::int64_t up = 0;
    std::int64_t down = 0;

    [[nodiscard]] std::int64_t both() const { return up + down; }
    Traffic& operator+=(const Traffic& other) {
        up += other.up;
        down += other.down;
        return *this;
    }
};

// Names with a weight to sort them by: the bytes of a transfer with several names are divided evenly. A keyed hash,
// because strangers choose the names.
using Names = std::unordered_map<std::string, std::int64_t, base::TextHash>;

struct DeviceRow;

// Sums of an owner.
struct OwnerRow {
    std::string id;
    std::string name;
    std::string country;
    Traffic traffic;
    std::vector<const DeviceRow*> devices;  // in the order of their first contact
    std::set<std::string> hosting_countries;
    Names names;
    std::map<std::string, Traffic> categories;
};

// Sums of a device.
struct DeviceRow {
    model::SharedPart<model::DeviceView> device;  // as last reported
    Traffic traffic;
    // Its owners, usually few, in the order of first contact; without traffic until there is some.
    struct Share {
        const OwnerRow* owner;
        std::optional<Traffic> traffic;
    };
    std::vector<Share> owners;
};

// Rows by the device's number, looked up without a hash for every event. Rows do not move.
class DeviceRows {
  public:
    // Returns the device's row, created if necessary; null if there are `most` already.
    DeviceRow* row_of(const model::DeviceView& device, std::size_t most) {
        if (device.number >= by_number_.size()) by_number_.resize(std::size_t{device.number} + 1);
        DeviceRow*& row = by_number_[device.number];
        if (row == nullptr && rows_.size() < most) row = &rows_.emplace_back();
        return row;
    }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] auto begin() const { return rows_.begin(); }
    [[nodiscard]] auto end() const { return rows_.end(); }

  private:
    base::StableVector<DeviceRow> rows_;
    std::vector<DeviceRow*> by_number_;
};

// The last state of an alert.
struct AlertRow {
    model::Alert alert;
    std::string device_id;
};

// Sums of the events.
struct Summary::State {
    DeviceRows devices;
    std::map<std::string, OwnerRow> owners;  // by id, reserved ones too
    std::map<std::string, AlertRow> alerts;  // by id
    base::EnumArray<model::UnattributedCause, std::int64_t> causes;
    std::uint64_t not_listed = 0;  // events about devices, owners or alerts beyond the limit
    Traffic total;

    [[nodiscard]] const OwnerRow* owner(std::string_view id) const;
    [[nodiscard]] Traffic owner_traffic(std::string_view id) const;
    // Returns the bytes that left the network: those of owners, and of destinations without one.
    [[nodiscard]] Traffic outside() const;
};

// Return the rows of a map, most bytes first, then by key.
std::vector<std::pair<std::string_view, const DeviceRow*>> sorted(const DeviceRows& rows);
std::vector<std::pair<std::string_view, const OwnerRow*>> sorted(const std::map<std::string, OwnerRow>& rows);
std::vector<std::pair<std::string_view, const Traffic*>> sorted(const std::map<std::string, Traffic>& rows);
std::vector<std::pair<std::string_view, const Traffic*>> sorted(const std::vector<DeviceRow::Share>& shares);
std::vector<std::string_view> sorted(const Names& names);
// Returns the most severe first, then by id.
std::vector<const AlertRow*> sorted(const std::map<std::string, AlertRow>& rows);

// Return words of the vocabulary for people.
std::string_view confidence_word(double confidence);  // certain, likely, possible, unknown
std::string owner_label(const Summary::State& state, std::string_view owner_id);
std::string country_name(std::string_view code);      // the code if no name is known
std::string os_name(std::string_view family);         // "Android"; unchanged if no name is known
std::string evidence_words(std::string_view source);  // "DHCP host name"
std::string device_name(const model::DeviceView& device);

}  // namespace telltale::app
