// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporters/event_store.h"

namespace telltale::exporters {

// A store that survives restarts, in the plainest form: a journal in one file, to which every change is added, and
// which is read again when the store is opened. Memory holds an index alone. For tests of the contract: it syncs
// nothing, and the journal never shrinks.
class JournalStore final : public EventStore {
  public:
    // Opens what the folder holds, as a new boot.
    JournalStore(const std::filesystem::path& folder, StoreLimits limits, Overflow overflow);

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
    [[nodiscard]] std::optional<LastSequences> last_boot() const override { return last_boot_; }
    [[nodiscard]] StoreLimits limits() const override { return limits_; }
    [[nodiscard]] StoreFigures figures() const override;
    [[nodiscard]] Position last_position() const override;
    void close() override;

  private:
    using Cursors = base::EnumArray<model::Topic, Position>;
    struct Kept {
        std::streamoff at = 0;  // of its record in the journal
        std::uint64_t bytes = 0;
        std::int64_t created_ns = 0;
        bool dead = false;
    };
    struct Log {
        std::map<Position, Kept> events;
        LogFigures figures;  // without oldest_created_ns
        std::uint64_t last_sequence = 0;
        std::uint64_t last_stored = 0;
        bool dropping = false;
    };

    void replay(std::istream& journal);
    void begin_boot();
    void write(const std::string& record);
    [[nodiscard]] StoredEnvelope read_at(std::streamoff at) const;
    // The changes, as they are made and as they are replayed.
    void keep(const Envelope& envelope, std::streamoff at);
    void note_drop(model::Topic topic, std::uint64_t sequence);
    void forget_drops(const DropRange& reported);
    void bury(model::Topic topic, Position position, DeadEvent dead);
    [[nodiscard]] bool has_room(std::size_t bytes, unsigned share_percent, bool emptied) const;
    bool make_room(std::unique_lock<std::mutex>& lock, const Log& log, model::Dataset dataset, std::size_t bytes);
    void release(model::Topic topic);

    const std::filesystem::path file_;
    const StoreLimits limits_;
    const Overflow overflow_;
    std::function<void()> pull_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::ofstream journal_;
    std::streamoff end_ = 0;  // of the journal
    base::EnumArray<model::Topic, Log> logs_;
    Position last_position_ = 0;
    std::optional<LastSequences> last_boot_;
    std::vector<std::string> names_;  // of readers
    std::vector<Cursors> cursors_;
    std::map<std::string, Cursors> known_readers_;  // of earlier boots
    unsigned boots_ = 0;
    std::vector<DropRange> drops_;
    std::deque<DeadEvent> dead_;
    bool closed_ = false;
};

}  // namespace telltale::exporters
