// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "sensor/match/scanner.h"
#include "sensor/model/record.h"

namespace telltale::pipeline {

// Puts the ids of matching signatures into the headers of a batch's records, as the table of what a device says
// (signatures/said.h) has it: at most kMaxRecordSignatures per record, the most specific of each text first. On the
// worker's thread; allocates nothing.
class MatchStage {
  public:
    explicit MatchStage(match::Scanner scanner, std::uint32_t generation)
        : scanner_(std::move(scanner)), generation_(generation) {}

    // Records from the byte `start` on: those before it have been annotated.
    void annotate(model::RecordBuffer& records, std::size_t start = 0);

    [[nodiscard]] const match::ScanCounters& counters() const { return scanner_.counters(); }

  private:
    void annotate(std::span<std::uint8_t> record);

    match::Scanner scanner_;
    std::uint32_t generation_;
};

}  // namespace telltale::pipeline
