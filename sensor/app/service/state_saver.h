// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <optional>
#include <string>

#include "exporters/store/outbox/outbox_store.h"
#include "sensor/app/service/state_file.h"
#include "sensor/base/result.h"
#include "sensor/correlate/correlator.h"

namespace telltale::app {

// Lets what correlate knows survive a restart. With an outbox, what was reported is kept with the event that reports
// it, and everything else is written here as it changes, in slices so short that records do not wait. Without one, the
// whole state is written to a file from time to time, on a thread of its own. Used by the correlating thread, and by
// the main thread before and after the pipeline.
class StateSaver {
  public:
    // `outbox` may be null, and `file` missing: without both, nothing is kept. All that is given outlives this.
    StateSaver(correlate::Correlator& correlator, exporters::outbox::OutboxStore* outbox,
               std::optional<StateFile> file);

    // Before the first record. The state of the outbox; of the file, if there is no other. One that cannot be used is
    // put aside with a line in the log, and the start goes on: devices are announced again.
    base::Status restore();

    // Between frames, once per second. `interval_ns`: how often the file is written.
    void tick(std::int64_t now_ns, std::int64_t interval_ns);
    // Between frames, while no record waits.
    void idle(std::int64_t now_ns);
    // After the last event: writes what is not written yet, until the deadline.
    void finish(std::chrono::steady_clock::time_point deadline);

  private:
    base::Status restore_rows();
    base::Status restore_file();
    bool write_slice(std::int64_t budget_ns);
    void write_file();
    void end_writing();

    correlate::Correlator& correlator_;
    exporters::outbox::OutboxStore* const outbox_;
    const std::optional<StateFile> file_;
    std::int64_t next_slice_ns_ = 0;  // monotone clock
    std::int64_t next_write_ns_ = 0;  // likewise
    std::future<base::Status> writing_;
};

}  // namespace telltale::app
