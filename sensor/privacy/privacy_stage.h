// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/model/event.h"

namespace telltale::privacy {

// How events represent people, as the operator chooses.
enum class Mode : std::uint8_t {
    identity,  // unchanged
};

// Every event passes this stage between correlate and the store. Owned by the correlator thread. In mode identity an
// event is unchanged.
class PrivacyStage {
  public:
    explicit PrivacyStage(Mode mode) : mode_(mode) {}

    void operator()(model::Event& event);

    [[nodiscard]] Mode mode() const { return mode_; }
    // Number of events that passed.
    [[nodiscard]] std::uint64_t events() const { return events_; }

  private:
    Mode mode_;
    std::uint64_t events_ = 0;
};

}  // namespace telltale::privacy
