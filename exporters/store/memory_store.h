// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporters/event_store.h"

namespace telltale::exporters {

// The store in memory: bounded, lost with the process. One mutex guards everything, because no worker comes here;
// events are rendered outside of it.
class MemoryStore : public EventStore {
  public:
    MemoryStore(StoreLimits limits, Overflow overflow) : limits_(limits), overflow_(overflow) {}

    AppendResult append(Envelope envelope, const Render& render) override;
    void set_pull(std::function<void()> pull) override { pull_ = std::move(pull); }
    ReaderId add_reader(std::string_view name) override;
    base::Result<std::size_t> read(ReaderId reader, model::Topic topic, Position after, std::size_t max,
                                   std::vector<StoredEnvelope>& batch) override;
    bool wait(Position after, std::chrono::milliseconds timeout) override;
    base::Status acknowledge(ReaderId reader, model::Topic topic, Position up_to) override;
    base::Status reject(ReaderId reader, model::Topic topic, Position position, std::string_view reason) override;
    [[nodiscard]] std::uint64_t lag(ReaderId reader, model::Topic topic) const override;
    [[nodiscard]] std::vector<DropRange> drops() const override;
    void mark_drops_told(std::span<const DropRange> ranges) override;
    [[nodiscard]] std::vector<DeadEvent> dead_events() const override;
    [[nodiscard]] std::optional<LastSequences> last_boot() const override { return std::nullopt; }
    [[nodiscard]] StoreLimits limits() const override { return limits_; }
    [[nodiscard]] StoreFigures figures() const override;
    [[nodiscard]] Position last_position() const override;
    void close() override;

  private:
    struct Entry {
        StoredEnvelope envelope;
        bool dead = false;
    };
    struct Log {
        std::deque<Entry> entries;  // what at least one reader has not acknowledged
        LogFigures figures;         // without oldest_created_ns
        std::deque<DropRange> untold;
        bool dropping = false;
    };
    struct Reader {
        std::string name;
        base::EnumArray<model::Topic, Position> acknowledged;
    };

    [[nodiscard]] bool has_room(std::size_t bytes, unsigned share_percent, bool emptied) const;
    [[nodiscard]] bool would_drop(const Log& log, model::Dataset dataset, std::size_t bytes) const;
    bool wait_for_room(std::unique_lock<std::mutex>& lock, std::size_t bytes);
    AppendResult drop(model::Topic topic, std::uint64_t sequence);
    void release(Log& log, model::Topic topic);

    const StoreLimits limits_;
    const Overflow overflow_;
    std::function<void()> pull_;
    mutable std::mutex mutex_;
    std::condition_variable appended_;
    std::condition_variable released_;
    base::EnumArray<model::Topic, Log> logs_;
    std::size_t waiting_events_ = 0;  // of all logs
    std::size_t waiting_bytes_ = 0;
    Position last_position_ = 0;
    std::vector<Reader> readers_;
    std::deque<DeadEvent> dead_;
    bool closed_ = false;
};

}  // namespace telltale::exporters
