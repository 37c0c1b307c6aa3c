// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>

#include "sensor/correlate/what/flows.h"
#include "sensor/correlate/what/name_table.h"
#include "sensor/correlate/what/policies.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// Makes the parts of events from what a partition knows. Text stays raw and bounded. Single-threaded.
class EventParts {
  public:
    EventParts(const signatures::Bundle& bundle, NameTable& names) : bundle_(bundle), names_(names) {}

    // Shared by all events until the profile changes; empty for kNoDevice.
    [[nodiscard]] model::SharedPart<model::DeviceView> device(const Profile& profile) const;
    [[nodiscard]] model::DestinationView destination(const FlowState& flow) const;
    // Shared by all events.
    [[nodiscard]] model::SharedPart<model::DestinationView> owner(OwnerIndex owner, signatures::Category category);
    [[nodiscard]] model::FlowView flow(const FlowState& flow) const;
    [[nodiscard]] DestinationFacts facts(const FlowState& flow) const;

    // Why an alert was raised, in words.
    [[nodiscard]] std::string alert_reason(const Profile& profile, const FlowState& flow) const;

  private:
    [[nodiscard]] model::DeviceView device_now(const Profile& profile) const;
    [[nodiscard]] model::DestinationView owner_now(OwnerIndex owner, signatures::Category category) const;
    [[nodiscard]] std::string maker_name(const std::string& maker_id) const;

    const signatures::Bundle& bundle_;
    NameTable& names_;
    std::map<std::pair<OwnerIndex, signatures::Category>, model::SharedPart<model::DestinationView>> owners_;
};

}  // namespace telltale::correlate
