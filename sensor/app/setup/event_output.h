// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "exporters/ecs/json_format.h"
#include "exporters/jsonl/jsonl_writer.h"
#include "exporters/jsonl/line_file.h"
#include "exporters/store/inline_export.h"
#include "exporters/store/memory_store.h"
#include "sensor/app/summary/summary.h"
#include "sensor/base/result.h"
#include "sensor/model/event.h"
#include "sensor/privacy/privacy_stage.h"

namespace telltale::app {

// Passes the events of `read` through the privacy stage into the store, and from there to the summary and, if
// requested, to a JSON Lines file. Single-threaded.
class EventOutput {
  public:
    // `events_path` empty: no file. The observer names this sensor and boot in the events. A full store waits
    // regardless of the limits. The file keeps its content until start_over().
    static base::Result<std::unique_ptr<EventOutput>> create(const std::string& events_path,
                                                             const ecs::ObserverInfo& observer,
                                                             const exporters::MemoryStoreLimits& limits);

    // Truncates the file. Called before the first event, once every other output is known to be usable.
    base::Status start_over();
    void emit(model::Event&& event);
    // Drains and flushes. Returns the first error of the file, if there was one.
    base::Status finish() { return export_.finish(); }
    [[nodiscard]] bool failed() const { return export_.failed(); }
    [[nodiscard]] const Summary& summary() const { return summary_; }
    [[nodiscard]] const exporters::EventStore& store() const { return store_; }

  private:
    explicit EventOutput(const exporters::MemoryStoreLimits& limits);

    privacy::PrivacyStage privacy_{privacy::Mode::identity};
    exporters::MemoryStore store_;
    exporters::InlineExport export_;
    Summary summary_;
    std::unique_ptr<ecs::JsonFormat> format_;
    std::unique_ptr<jsonl::LineFile> file_;
    std::unique_ptr<jsonl::JsonlWriter> writer_;
};

}  // namespace telltale::app
