// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "exporters/store/booked_store.h"
#include "exporters/store/outbox/change_queue.h"
#include "exporters/store/outbox/change_writer.h"
#include "exporters/store/outbox/database.h"
#include "exporters/store/outbox/failure.h"
#include "exporters/store/outbox/file_identity.h"
#include "exporters/store/outbox/file_lock.h"
#include "exporters/store/outbox/outbox_config.h"
#include "exporters/store/outbox/outbox_figures.h"
#include "exporters/store/outbox/replay_requests.h"

namespace telltale::exporters::outbox {

// The store on disk: an SQLite database. Events are accepted at once, and stored when the transaction that they share
// is committed by a thread of the store: readers and figures see committed events alone. While the file refuses to work
// (disk full, read-only, I/O errors) accepted events wait in memory, up to ChangeQueue's bounds, and newer ones are
// dropped; a damaged file is set aside and a new one begun. What every reader has acknowledged stays for `keep`.
class OutboxStore final : public BookedStore, private WaitingSource {
  public:
    // Takes the file's lock, opens or makes it, and begins a boot. The error is for the operator.
    static base::Result<std::unique_ptr<OutboxStore>> open(OutboxConfig config);
    // Writes what was accepted.
    ~OutboxStore() override;

    AppendResult append(Envelope envelope, const Render& render) override;
    AppendResult append_with(model::StateRows rows, Envelope envelope, const Render& render) override;
    void keep_rows(model::StateRows rows) override;
    // Returns whether the writer keeps up with rows, so that more may be kept. Any thread.
    [[nodiscard]] bool wants_rows() const { return queue_.wants_rows(); }
    [[nodiscard]] const std::filesystem::path& file() const { return config_.file; }
    // Reads the rows of earlier runs; before the first append. The error names the file.
    base::Status read_rows(std::string_view kind, const std::function<void(std::string_view line)>& visit);
    // Puts rows that nobody can use into another table. Before the first append. Returns how many there were.
    base::Result<std::size_t> put_rows_aside();
    // Returns true once after a damaged file was set aside: all rows are to be written again. Any thread.
    bool rows_are_gone() { return rows_gone_.exchange(false); }
    bool sync(std::chrono::milliseconds timeout) override { return queue_.flush(timeout); }
    // Also writes what was accepted, and places of readers.
    void close() override;

    [[nodiscard]] OutboxFigures outbox_figures() const;

  protected:
    Kept keep(const StoredEnvelope& envelope) override;
    base::Status load(model::Topic topic, Position after, std::size_t max, std::vector<StoredEnvelope>& batch) override;
    void release(model::Topic topic, Position up_to) override { queue_.set_released(topic, up_to); }
    void note_reader(ReaderId reader) override;
    void note_drop(const DropRange&) override { queue_.set_drops_changed(); }
    void note_evicted(model::Topic) override { queue_.set_drops_changed(); }
    void note_told(const DropRange&) override { queue_.set_drops_changed(); }
    void note_place(ReaderId reader, model::Topic topic, Position up_to) override;
    void note_dead(const DeadEvent& dead) override;

  private:
    std::optional<std::vector<WaitingEvent>> page(model::Topic topic, const WaitingSpan& span,
                                                  std::size_t max) override;
    std::optional<std::uint64_t> count(model::Topic topic, Position after, Position upto) override;
    void restore_waiting(ReaderId reader, model::Topic topic);

    // The two connections, and what uses them.
    struct File {
        std::unique_ptr<SQLite::Database> writing;
        std::unique_ptr<SQLite::Database> reading;
        std::unique_ptr<ChangeWriter> writer;
        std::unique_ptr<ReplayRequests> requests;
        base::EnumArray<model::Topic, std::unique_ptr<EventLog>> logs;  // over `reading`
        std::optional<FileIdentity> identity;
        std::optional<FileIdentity> folder;

        // Statements first: SQLite closes no connection that has some.
        void close();
    };

    enum class Opening : std::uint8_t { at_start, again };

    OutboxStore(OutboxConfig config, FileLock lock);
    base::Status open_file(Opening opening);
    void restore(const Remembered& remembered);
    void run();
    bool write(const Changes& changes);
    void handle(Changes& changes, bool drops_changed, bool written);
    void replay_requested();
    void report(const Failure* failure);
    void keep_without_event();
    void note_set_aside(const std::filesystem::path& aside);
    void found_damage();
    bool reopen();
    [[nodiscard]] bool is_elsewhere() const;
    base::Status move_damaged_file();

    const OutboxConfig config_;
    FileLock lock_;
    std::uint64_t boot_ = 1;
    std::uint64_t boot_before_ = 0;
    File file_;
    std::mutex reading_;  // guards file_.reading and file_.logs
    ChangeQueue queue_;
    std::set<std::pair<model::Topic, Position>> dead_before_;  // of earlier boots, to restore what waits
    mutable std::mutex figures_mutex_;
    OutboxFigures figures_;
    model::StateRows rows_;             // appender: of the event in hand
    std::set<std::string> unreported_;  // appender: rows that were left out with their event, as kind/key
    std::atomic<bool> rows_gone_{false};
    std::atomic<bool> damage_read_{false};  // a reader found the file damaged
    bool replays_under_way_ = false;        // writer: they are not written yet
    bool damaged_ = false;                  // writer: the file is to be set aside
    bool lost_ = false;                     // writer: the books have events that the file may not have
    Position in_file_ = 0;                  // the newest event of the file when it was opened
    std::thread thread_;
};

}  // namespace telltale::exporters::outbox
