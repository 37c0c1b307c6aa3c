// SPDX-License-Identifier: Apache-2.0
#include "exporters/jsonl/jsonl_writer.h"

#include <utility>

namespace telltale::jsonl {

JsonlWriter::JsonlWriter(exporters::LineOutput& output, exporters::EventFormat format)
    : output_(output), format_(std::move(format)) {}

base::Status JsonlWriter::consume(std::span<const exporters::StoredEvent> batch) {
    for (const exporters::StoredEvent& stored : batch) {
        line_.clear();
        format_(*stored.event, line_);
        if (base::Status written = output_.write_line(line_); !written) return written;
    }
    return base::Done{};
}

}  // namespace telltale::jsonl
