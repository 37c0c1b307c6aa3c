// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/model/event.h"

namespace telltale::privacy {

// What the sensor's operator wants the events to say of people.
enum class Mode : std::uint8_t {
    identity,  // events say what was seen
};

// The one place that every event passes between correlate and the store; nothing goes round it. Owned by the
// correlator's thread. In mode identity an event leaves as it came.
class PrivacyStage {
  public:
    explicit PrivacyStage(Mode mode) : mode_(mode) {}

    void operator()(model::Event& event);

    [[nodiscard]] Mode mode() const { return mode_; }
    // Events that passed.
    [[nodiscard]] std::uint64_t events() const { return events_; }

  private:
    Mode mode_;
    std::uint64_t events_ = 0;
};

}  // namespace telltale::privacy
