// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "exporters/event_sink.h"
#include "exporters/line_output.h"

namespace telltale::jsonl {

// Events as JSON Lines: one event per line, in the given format. Owned by whoever drains the store; one thread.
// `output` outlives it.
class JsonlWriter final : public exporters::EventSink {
  public:
    JsonlWriter(exporters::LineOutput& output, exporters::EventFormat format);

    base::Status consume(std::span<const exporters::StoredEvent> batch) override;
    base::Status flush() override { return output_.flush(); }

  private:
    exporters::LineOutput& output_;
    exporters::EventFormat format_;
    std::string line_;
};

}  // namespace telltale::jsonl
