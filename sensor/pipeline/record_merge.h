// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sensor/pipeline/record_outlet.h"
#include "sensor/pipeline/record_sequencer.h"

namespace telltale::pipeline {

// Merges the workers' rings by record order into a sequencer. A record is delivered when no worker can still make an
// earlier one: every other ring shows a later record, or its worker's watermark has passed. On the correlator's thread.
class RecordMerge {
  public:
    static constexpr int kMostRecords = 4096;  // so that the caller comes round under load

    RecordMerge(std::vector<RingOutlet*> workers, RecordSequencer& sequencer);

    // Delivers what can be delivered now, up to kMostRecords; false if nothing could be.
    bool step();
    // Returns whether the consumer is between two frames: every worker is beyond what was delivered last. Then what
    // was gathered of a clock step is passed on, too, without waiting for a later record.
    bool settle();
    // All rings are empty and every watermark has reached `order`.
    [[nodiscard]] bool drained_to(model::Order order);

  private:
    struct Source {
        RingOutlet* outlet;
        model::Order bound;  // the order of its oldest record, or what its next one will be after
        bool has_record = false;
    };
    void look(Source& source);

    std::vector<Source> sources_;
    RecordSequencer& sequencer_;
};

}  // namespace telltale::pipeline
