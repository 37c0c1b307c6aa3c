// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "exporters/event_store.h"

namespace telltale::exporters {

// Moves one reader's events into its sink: read, consume, acknowledge. One thread: the reader's. After the sink's first
// error nothing is read any more; the error stays in status().
class Drain {
  public:
    static constexpr std::size_t kBatchEvents = 256;

    Drain(EventStore& store, std::string_view reader_name, EventSink& sink);

    // Everything that is stored now, in batches.
    void run();
    void flush();
    [[nodiscard]] const base::Status& status() const { return status_; }

  private:
    EventStore& store_;
    EventSink& sink_;
    ReaderId reader_;
    Position done_ = 0;
    std::vector<StoredEvent> batch_;
    base::Status status_ = base::Done{};
};

// Export on the appender's own thread, for files: append to the store, and when `drain_every` events have come, drain
// every sink. Give the store Overflow::wait and set_pull([&]{ inline_export.drain(); }) when its limits are lower.
class InlineExport {
  public:
    explicit InlineExport(EventStore& store, std::size_t drain_every = Drain::kBatchEvents);

    // Before the first append; `sink` outlives this.
    void add_sink(std::string_view reader_name, EventSink& sink);
    void append(model::Event&& event);
    void drain();
    // Drains and flushes; the first error of any sink, if there was one.
    base::Status finish();
    [[nodiscard]] bool failed() const;
    [[nodiscard]] base::Status status() const;

  private:
    EventStore& store_;
    std::size_t drain_every_;
    std::size_t since_drain_ = 0;
    std::vector<Drain> drains_;
};

}  // namespace telltale::exporters
