// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/match/scanner.h"
#include "sensor/model/record.h"

namespace telltale::pipeline {

// Puts signature ids into the headers of a batch's records: destinations for names (TLS server name, HTTP Host, DNS
// question, or where the question has none, the CNAMEs behind it), fingerprints for what devices say of themselves
// (User-Agent, DHCP vendor class, parameter list and host name). At most kMaxRecordSignatures a record, the most
// specific of each text first. On the worker's thread; allocates nothing.
class MatchStage {
  public:
    explicit MatchStage(match::Scanner scanner, std::uint32_t generation)
        : scanner_(std::move(scanner)), generation_(generation) {}

    // Records from the byte `start` on: those before it have been annotated.
    void annotate(model::RecordBuffer& records, std::size_t start = 0);

    [[nodiscard]] const match::ScanCounters& counters() const { return scanner_.counters(); }

  private:
    match::Scanner scanner_;
    std::uint32_t generation_;
};

}  // namespace telltale::pipeline
