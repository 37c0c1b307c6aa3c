// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/event_file.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kBatchEvents = 256;
constexpr std::chrono::milliseconds kWait{100};

}  // namespace

EventFile::EventFile(std::string path, exporters::EventStore& store)
    : path_(std::move(path)), reader_(store, kReaderName) {}

base::Result<std::unique_ptr<EventFile>> EventFile::open(const std::string& path, exporters::EventStore& store) {
    auto file = jsonl::LineFile::open(path, jsonl::LineFile::Existing::append);
    if (!file) return file.error();
    std::unique_ptr<EventFile> events(new EventFile(path, store));
    events->file_ = std::move(*file);
    return events;
}

EventFile::~EventFile() { (void)finish(Clock::now()); }

void EventFile::start() {
    thread_ = std::thread([this] { run(); });
}

void EventFile::run() {
    while (true) {
        // Read before the store: events stored before the end began are still written.
        const bool finishing = finishing_.load(std::memory_order_relaxed);
        if (reopen_.exchange(false, std::memory_order_relaxed)) file_.reset();
        if (const base::Status written = write_batch(); !written) {
            note_failure();
            spdlog::error("events: {}; will retry", written.error().text);
            file_.reset();
            reader_.rewind();
            if (finishing) break;
            rest(kRetryAfter);
        } else if (batch_.empty()) {
            if (finishing) break;
            reader_.wait(kWait);
        }
    }
    ended_.store(true, std::memory_order_release);
}

base::Status EventFile::write_batch() {
    batch_.clear();
    if (!file_) {
        auto file = jsonl::LineFile::open(path_, jsonl::LineFile::Existing::append);
        if (!file) return file.error();
        file_ = std::move(*file);
    }
    const auto count = reader_.read(kBatchEvents, batch_);
    if (!count) return count.error();
    if (batch_.empty()) return base::Done{};
    for (const exporters::StoredEnvelope& envelope : batch_) {
        if (base::Status written = file_->write_line(envelope->json); !written) return written;
    }
    if (base::Status flushed = file_->flush(); !flushed) return flushed;
    note_written();
    return reader_.acknowledge();
}

void EventFile::note_written() {
    const std::int64_t now_ns = base::wall_clock_ns();
    const std::lock_guard lock(mutex_);
    figures_.written += batch_.size();
    for (const exporters::StoredEnvelope& envelope : batch_) figures_.delay.add(envelope->delayed_since_ns(), now_ns);
}

void EventFile::note_failure() {
    const std::lock_guard lock(mutex_);
    ++figures_.failures;
}

EventFileFigures EventFile::figures() const {
    const std::lock_guard lock(mutex_);
    return figures_;
}

void EventFile::rest(std::chrono::milliseconds time) const {
    const Clock::time_point end = Clock::now() + time;
    while (Clock::now() < end && !finishing_.load(std::memory_order_relaxed)) std::this_thread::sleep_for(kWait);
}

base::Status EventFile::finish(Clock::time_point deadline) {
    if (!thread_.joinable()) return base::Done{};
    begin_finish();
    while (!ended_.load(std::memory_order_acquire) && Clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const bool ended = ended_.load(std::memory_order_acquire);
    if (ended) {
        thread_.join();
    } else {
        thread_.detach();  // blocked on a pipe that nobody reads; the process is about to end
    }
    if (ended && reader_.lag() == 0) return base::Done{};
    return base::Error{fmt::format("{}: not all events could be written in time", path_)};
}

}  // namespace telltale::app
