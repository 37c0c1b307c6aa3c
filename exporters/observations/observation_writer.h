// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "exporters/line_output.h"
#include "sensor/model/record.h"

namespace telltale::observations {

// Writes records as JSON, one object per line, for comparison and debugging (README.md lists the fields). Generic over
// model::kFields: a new protocol needs nothing here. Contains personal data in clear: the app refuses it in pseudonym
// mode. Single-threaded; `output` outlives it.
class ObservationWriter {
  public:
    // Senders and ARP bindings already written; a full set is emptied, and they may be written again.
    static constexpr std::size_t kMaxSenders = 1 << 20;

    // Returns a flow's community id; empty if it has none.
    using CommunityId = std::string (*)(const model::FlowKey&);

    ObservationWriter(exporters::LineOutput& output, CommunityId community_id);
    ~ObservationWriter();
    ObservationWriter(const ObservationWriter&) = delete;
    ObservationWriter& operator=(const ObservationWriter&) = delete;

    void write(const model::RecordView& record);
    // Flushes the output. Returns the first error of this or an earlier call.
    base::Status finish();
    [[nodiscard]] const base::Status& status() const { return status_; }

  private:
    struct State;
    exporters::LineOutput& output_;
    CommunityId community_id_;
    std::unique_ptr<State> state_;
    base::Status status_ = base::Done{};
};

}  // namespace telltale::observations
