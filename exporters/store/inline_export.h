// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/store/ordered_reader.h"

namespace telltale::exporters {

// Moves one reader's events into its sink: read, consume, acknowledge. One thread: the reader's. After the sink's first
// error nothing is read any more; the error stays in status().
class Drain {
  public:
    static constexpr std::size_t kBatchEvents = 256;

    Drain(EventStore& store, std::string_view reader_name, EnvelopeSink& sink)
        : reader_(store, reader_name), sink_(sink) {}

    // Everything that is stored now, in batches.
    void run();
    void flush();
    [[nodiscard]] const base::Status& status() const { return status_; }

  private:
    OrderedReader reader_;
    EnvelopeSink& sink_;
    std::vector<StoredEnvelope> batch_;
    base::Status status_ = base::Done{};
};

// Export on the appender's own thread, for files: with every `drain_every` appends, and when the store is full, every
// sink takes what is stored. The store waits when it is full (Overflow::wait) and outlives this.
class InlineExport {
  public:
    explicit InlineExport(EventStore& store, std::size_t drain_every = Drain::kBatchEvents);
    InlineExport(const InlineExport&) = delete;
    InlineExport& operator=(const InlineExport&) = delete;

    // Before the first append; `sink` outlives this.
    void add_sink(std::string_view reader_name, EnvelopeSink& sink) { drains_.emplace_back(store_, reader_name, sink); }
    // Once for every event, before or after its append: now and then, the sinks take what is stored.
    void count_append();
    void drain();
    // Drains and flushes. Returns the first error of any sink.
    base::Status finish();
    [[nodiscard]] bool failed() const { return !status(); }
    [[nodiscard]] base::Status status() const;

  private:
    EventStore& store_;
    std::size_t drain_every_;
    std::size_t since_drain_ = 0;
    std::deque<Drain> drains_;
};

}  // namespace telltale::exporters
