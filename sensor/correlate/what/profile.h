// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sensor/base/stable_vector.h"
#include "sensor/correlate/what/evidence.h"
#include "sensor/correlate/who/device.h"
#include "sensor/model/event.h"

namespace telltale::correlate {

// The knowledge about a device, and the part of it that was reported.
struct Profile {
    DeviceIndex device = kNoDevice;
    std::string id;
    std::vector<model::IpAddress> addresses;  // those it holds now, oldest first
    std::vector<model::MacAddress> macs;
    std::string host_name;
    std::vector<std::string> host_names;  // all that it used, so that a repeat changes nothing
    bool encrypted_dns = false;           // it was seen to ask for names over TLS, HTTPS or QUIC
    EvidenceSet evidence;
    Identity identity;
    std::int64_t first_seen_ns = 0;
    std::int64_t last_seen_ns = 0;

    struct Reported {
        bool announced = false;
        KnownIdentity known;
        std::string model;
        // Changes by the frame in hand: reported at its end, as one event.
        bool pending = false;
        std::uint64_t first_change = 0;    // sequence of the message that brought the first of them
        std::vector<std::string> changes;  // parts of a sentence
    };
    Reported reported;

    // Its rows in the partition's list of changed rows, and the last_seen_ns that was written last.
    bool report_noted = false;
    bool evidence_noted = false;
    std::int64_t written_seen_ns = 0;

    // The part that events carry, kept until it changes: whoever changes anything but last_seen_ns calls changed().
    mutable model::SharedPart<model::DeviceView> view;
    void changed() { view.reset(); }
};

// The profiles of a partition: those of every `partitions`-th device, from `partition` on. Never forgets.
// Single-threaded.
class Profiles {
  public:
    Profiles(std::size_t partition, std::size_t partitions) : partition_(partition), partitions_(partitions) {}

    [[nodiscard]] bool owns(DeviceIndex device) const { return device % partitions_ == partition_; }
    // The device's index among those of the partition, without gaps.
    [[nodiscard]] std::size_t place_of(DeviceIndex device) const { return device / partitions_; }

    [[nodiscard]] DeviceIndex device_at(std::size_t place) const { return profiles_[place].device; }

    // Devices come in order of their numbers.
    Profile& add(DeviceIndex device) {
        while (profiles_.size() <= place_of(device)) profiles_.emplace_back();
        Profile& profile = (*this)[device];
        profile.device = device;
        return profile;
    }
    // Returns the profile; for kNoDevice an empty one.
    Profile& operator[](DeviceIndex device) { return device == kNoDevice ? nobody_ : profiles_[place_of(device)]; }
    const Profile& operator[](DeviceIndex device) const { return const_cast<Profiles&>(*this)[device]; }

    // Calls visit(const Profile&) in order of appearance.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (const Profile& profile : profiles_) {
            if (profile.device != kNoDevice) visit(profile);
        }
    }

    template <typename Visit>
    void for_each(Visit&& visit) {
        for (Profile& profile : profiles_) {
            if (profile.device != kNoDevice) visit(profile);
        }
    }

  private:
    const std::size_t partition_;
    const std::size_t partitions_;
    base::StableVector<Profile> profiles_;
    Profile nobody_;
};

}  // namespace telltale::correlate
