// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>

#include "sensor/correlate/device_table.h"
#include "sensor/correlate/flow_state.h"
#include "sensor/correlate/name_table.h"
#include "sensor/correlate/policies.h"
#include "sensor/model/event.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// Turns correlate's state into what events carry: snapshots with raw, bounded text.
class Snapshots {
  public:
    Snapshots(const signatures::Bundle& bundle, NameTable& names) : bundle_(bundle), names_(names) {}

    // Shared by all events until the device changes; none for kNoDevice.
    [[nodiscard]] model::SharedPart<model::DeviceView> device(const Device& device) const;
    [[nodiscard]] model::DestinationView destination(const FlowState& flow) const;
    // Shared by all events.
    [[nodiscard]] model::SharedPart<model::DestinationView> owner(OwnerIndex owner, signatures::Category category);
    [[nodiscard]] model::FlowView flow(const FlowState& flow) const;
    [[nodiscard]] DestinationFacts facts(const FlowState& flow) const;

    // Why an alert was raised, in words.
    [[nodiscard]] std::string alert_reason(const Device& device, const FlowState& flow) const;

  private:
    [[nodiscard]] model::DeviceView device_now(const Device& device) const;
    [[nodiscard]] model::DestinationView owner_now(OwnerIndex owner, signatures::Category category) const;
    [[nodiscard]] std::string maker_name(const std::string& maker_id) const;

    const signatures::Bundle& bundle_;
    NameTable& names_;
    std::map<std::pair<OwnerIndex, signatures::Category>, model::SharedPart<model::DestinationView>> owners_;
};

}  // namespace telltale::correlate
