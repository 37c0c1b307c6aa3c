// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporters/envelope.h"
#include "exporters/line_output.h"

namespace telltale::jsonl {

// Events as JSON Lines: one event per line. Owned by whoever drains the store; one thread. `output` outlives it.
class JsonlWriter final : public exporters::EnvelopeSink {
  public:
    explicit JsonlWriter(exporters::LineOutput& output) : output_(output) {}

    base::Status consume(std::span<const exporters::StoredEnvelope> batch) override;
    base::Status flush() override { return output_.flush(); }

  private:
    exporters::LineOutput& output_;
};

}  // namespace telltale::jsonl
