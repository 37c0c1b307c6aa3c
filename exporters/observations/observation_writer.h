// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "exporters/line_output.h"
#include "sensor/model/record.h"

namespace telltale::observations {

// Writes records as JSON, one object a line: what single packets said, for people who compare or debug (README.md here
// lists the fields). Generic over model::kFields: a protocol that adds fields needs nothing here but the name of its
// record kind. Personal data in clear: refused in pseudonym mode by the app. One thread; `output` outlives it.
class ObservationWriter {
  public:
    // Senders and ARP bindings that are remembered as told; beyond, the set is emptied and they can be told again.
    static constexpr std::size_t kMaxSenders = 1 << 20;

    // A flow's community id; empty where it has none.
    using CommunityId = std::string (*)(const model::FlowKey&);

    ObservationWriter(exporters::LineOutput& output, CommunityId community_id);
    ~ObservationWriter();
    ObservationWriter(const ObservationWriter&) = delete;
    ObservationWriter& operator=(const ObservationWriter&) = delete;

    void write(const model::RecordView& record);
    // Flushes the output; the first error of this or an earlier call.
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
