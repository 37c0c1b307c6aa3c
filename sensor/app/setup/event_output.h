// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "exporters/jsonl/jsonl_writer.h"
#include "exporters/jsonl/line_file.h"
#include "exporters/store/inline_export.h"
#include "sensor/app/summary/summary.h"
#include "sensor/base/result.h"
#include "sensor/pipeline/event_path.h"

namespace telltale::app {

// Passes the events of `read` and `live` to the summary and, if requested, through a store to a JSON Lines file.
// Without a file nothing is rendered. Single-threaded.
class EventOutput {
  public:
    // `events_path` empty: no file. A full store waits for the file. The file keeps its content until start_over().
    static base::Result<std::unique_ptr<EventOutput>> create(const std::string& events_path,
                                                             const exporters::StoreLimits& limits);

    // Truncates the file. Called before the first event, once every other output is known to be usable.
    base::Status start_over();
    // Receives the events of `path` from now on; outlives it.
    void connect(pipeline::EventPath& path, const ecs::ObserverInfo& observer);
    // Writes what waits, and flushes. Returns the first error of the file.
    base::Status finish() { return file_ ? file_->exporting.finish() : base::Done{}; }
    [[nodiscard]] bool failed() const { return file_ && file_->exporting.failed(); }
    [[nodiscard]] const Summary& summary() const { return summary_; }

  private:
    struct File {
        File(std::unique_ptr<jsonl::LineFile> opened, const exporters::StoreLimits& limits);

        std::unique_ptr<jsonl::LineFile> lines;
        jsonl::JsonlWriter writer;
        std::unique_ptr<exporters::EventStore> store;
        exporters::InlineExport exporting;
    };

    EventOutput() = default;

    Summary summary_;
    std::unique_ptr<File> file_;
};

}  // namespace telltale::app
