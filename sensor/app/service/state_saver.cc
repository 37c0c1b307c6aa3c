// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/state_saver.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

// The time that a slice may take of the correlating thread, and the pause that follows.
constexpr std::int64_t kSliceNs = 1'500'000;
constexpr std::int64_t kPauseNs = 10'000'000;
// Rows are made in groups of this size between two looks at the clock.
constexpr std::size_t kRowsPerLook = 8;
constexpr std::chrono::milliseconds kLastSync{200};

}  // namespace

StateSaver::StateSaver(correlate::Correlator& correlator, exporters::outbox::OutboxStore* outbox,
                       std::optional<StateFile> file)
    : correlator_(correlator), outbox_(outbox), file_(std::move(file)) {}

base::Status StateSaver::restore() {
    if (outbox_ == nullptr) return restore_file();
    bool has_rows = false;
    const base::Status read = outbox_->read_rows("state", [&](std::string_view) { has_rows = true; });
    if (!read) return read;
    if (has_rows) return restore_rows();
    // A sensor that had no outbox before.
    base::Status restored = restore_file();
    correlator_.note_all();
    return restored;
}

base::Status StateSaver::restore_rows() {
    base::Status read = base::Done{};
    const auto read_rows = [&](std::string_view kind, const std::function<void(std::string_view)>& visit) {
        if (read) read = outbox_->read_rows(kind, visit);
    };
    const base::Status restored = correlator_.restore_rows(read_rows, outbox_->file().string());
    if (!read) return read;
    if (restored) return restored;
    const auto aside = outbox_->put_rows_aside();
    if (!aside) return aside.error();
    spdlog::warn("saved state not restored: {}; its {} rows are kept in the table state_unusable",
                 restored.error().text, *aside);
    return base::Done{};
}

base::Status StateSaver::restore_file() {
    if (!file_) return base::Done{};
    const auto saved = file_->read();
    if (!saved) return saved.error();
    if (saved->empty()) return base::Done{};
    const base::Status restored = correlator_.restore(*saved, file_->path().string());
    if (restored) return base::Done{};
    const std::filesystem::path aside = file_->put_aside();
    spdlog::warn("saved state not restored: {}{}", restored.error().text,
                 aside.empty() ? "" : "; the file is kept as " + aside.string());
    return base::Done{};
}

// Returns whether everything is written.
bool StateSaver::write_slice(std::int64_t budget_ns) {
    const std::int64_t until_ns = base::monotone_clock_ns() + budget_ns;
    model::StateRows rows;
    const bool all = correlator_.write_changes([&](model::StateRow&& row) {
        rows.push_back(std::move(row));
        return rows.size() % kRowsPerLook != 0 || base::monotone_clock_ns() < until_ns;
    });
    outbox_->keep_rows(std::move(rows));
    return all;
}

void StateSaver::tick(std::int64_t now_ns, std::int64_t interval_ns) {
    if (outbox_ != nullptr) {
        if (outbox_->rows_are_gone()) correlator_.note_all();
        return idle(now_ns);
    }
    if (!file_) return;
    if (writing_.valid() && writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
    end_writing();
    if (now_ns < next_write_ns_) return;
    const bool first = next_write_ns_ == 0;
    next_write_ns_ = now_ns + interval_ns;
    if (!first) write_file();
}

void StateSaver::idle(std::int64_t now_ns) {
    if (outbox_ == nullptr || now_ns < next_slice_ns_ || !outbox_->wants_rows()) return;
    write_slice(kSliceNs);
    next_slice_ns_ = base::monotone_clock_ns() + kPauseNs;
}

void StateSaver::finish(std::chrono::steady_clock::time_point deadline) {
    end_writing();
    if (outbox_ == nullptr) {
        if (file_) write_file();
        return end_writing();
    }
    while (!write_slice(kSliceNs)) {
        if (!outbox_->wants_rows()) outbox_->sync(kLastSync);
        if (std::chrono::steady_clock::now() < deadline) continue;
        spdlog::warn(
            "the end came before all of the state was written: some devices, addresses and contacts will be "
            "as they were some minutes ago");
        return;
    }
}

// Writes the state on its own thread, so that a slow disk does not delay records. One state at a time.
void StateSaver::write_file() {
    writing_ = std::async(std::launch::async, [this, text = correlator_.save()] { return file_->write(text); });
}

void StateSaver::end_writing() {
    if (!writing_.valid()) return;
    if (const base::Status written = writing_.get(); !written) {
        spdlog::error("cannot save the state: {}", written.error().text);
    }
}

}  // namespace telltale::app
