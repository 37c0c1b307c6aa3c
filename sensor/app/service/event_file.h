// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "exporters/delay_histogram.h"
#include "exporters/jsonl/line_file.h"
#include "exporters/store/ordered_reader.h"
#include "sensor/base/result.h"

namespace telltale::app {

// Counts since the start.
struct EventFileFigures {
    std::uint64_t written = 0;
    std::uint64_t failures = 0;  // failed attempts; they are retried
    exporters::DelayHistogram delay;
};

// A reader of the store that appends events to a file as JSON Lines, on its own thread. An event is acknowledged once
// its line is written. Events that cannot be written (a full disk) stay in the store and are retried; after a partial
// write a line may be repeated. The store outlives it.
class EventFile {
  public:
    static constexpr std::string_view kReaderName = "events";
    static constexpr std::chrono::seconds kRetryAfter{2};

    // Adds the reader: before the store's first append.
    static base::Result<std::unique_ptr<EventFile>> open(const std::string& path, exporters::EventStore& store);
    ~EventFile();  // as finish() with no time
    EventFile(const EventFile&) = delete;
    EventFile& operator=(const EventFile&) = delete;

    void start();
    // Reopens the file after the current lines are written: for log rotation. Any thread.
    void reopen() { reopen_.store(true, std::memory_order_relaxed); }
    // Starts to end: events in the store are still written. Nothing may be appended after this.
    void begin_finish() { finishing_.store(true, std::memory_order_relaxed); }
    // Waits for the end until `deadline`. The error reports events that are left.
    base::Status finish(std::chrono::steady_clock::time_point deadline);

    [[nodiscard]] EventFileFigures figures() const;

  private:
    EventFile(std::string path, exporters::EventStore& store);
    void run();
    // Writes the next batch and acknowledges it.
    base::Status write_batch();
    void note_written();
    void note_failure();
    void rest(std::chrono::milliseconds time) const;

    std::string path_;
    exporters::OrderedReader reader_;
    std::unique_ptr<jsonl::LineFile> file_;  // null: must be opened
    std::vector<exporters::StoredEnvelope> batch_;
    std::atomic<bool> reopen_{false};
    std::atomic<bool> finishing_{false};
    std::atomic<bool> ended_{false};
    mutable std::mutex mutex_;  // of the figures
    EventFileFigures figures_;
    std::thread thread_;
};

}  // namespace telltale::app
