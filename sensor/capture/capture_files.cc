// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/capture_files.h"

#include <algorithm>

namespace telltale::capture {
namespace {

// Orders a heap so that the earliest next frame is in front, and of equally early ones the first file's.
struct Later {
    const std::vector<std::unique_ptr<CaptureFile>>& files;

    bool operator()(std::size_t left, std::size_t right) const {
        const std::int64_t left_ns = files[left]->next().timestamp_ns;
        const std::int64_t right_ns = files[right]->next().timestamp_ns;
        return left_ns != right_ns ? left_ns > right_ns : left > right;
    }
};

}  // namespace

base::Result<std::unique_ptr<CaptureFiles>> CaptureFiles::open(const std::vector<std::string>& paths,
                                                               const Options& options) {
    if (paths.empty()) return base::Error{"no capture file given; name at least one, or - for standard input"};
    if (std::count(paths.begin(), paths.end(), "-") > 1) {
        return base::Error{"standard input (-) is given more than once; it can be read only once"};
    }
    std::unique_ptr<CaptureFiles> source(new CaptureFiles);
    for (const std::string& path : paths) {
        auto file = CaptureFile::open(path, options.stop);
        if (!file) return file.error();
        source->files_.push_back(std::move(file.value()));
    }
    return source;
}

void CaptureFiles::start() {
    started_ = true;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        if (advance(i)) order_.push_back(i);
    }
    std::make_heap(order_.begin(), order_.end(), Later{files_});
}

bool CaptureFiles::advance(std::size_t file) {
    if (files_[file]->advance(turn_)) return true;
    ended_.push_back(file);
    return false;
}

// Moves the front file, whose frame was taken, to its new place.
void CaptureFiles::advance_first() {
    if (order_.size() == 1) [[likely]] {
        if (!advance(order_.front())) order_.clear();
        return;
    }
    std::pop_heap(order_.begin(), order_.end(), Later{files_});
    if (advance(order_.back())) {
        std::push_heap(order_.begin(), order_.end(), Later{files_});
    } else {
        order_.pop_back();
    }
}

// Returns false if the batch has to end before the next frame.
bool CaptureFiles::add_next(model::FrameBatch& batch) {
    CaptureFile& file = *files_[order_.front()];
    if (batch.count != 0 && file.bytes_held() > kMostHeldBytes) return false;
    const std::int64_t time_ns = file.next().timestamp_ns;
    if (batch.count != 0 && base::same_second(batch.clock_ns, time_ns)) [[likely]] {
        clock_.observe(time_ns);  // which stays in the batch's second
    } else {
        base::PacketClock clock = clock_;
        const std::int64_t second_ns = base::floor_to(clock.observe(time_ns), base::kSecondNs);
        if (batch.count != 0 && second_ns != batch.clock_ns) return false;
        clock_ = clock;
        batch.clock_ns = second_ns;
    }
    model::Frame& frame = batch.add(file.next());
    frame.order = model::Order::of_frame(++frames_);
    frame.captured_length = std::min(frame.captured_length, static_cast<std::uint32_t>(model::kFileBatchBytes));
    file.take(frame.captured_length);
    return true;
}

PollStatus CaptureFiles::poll(model::FrameBatch& batch) {
    ++turn_;
    for (const std::size_t file : ended_) files_[file]->close();
    ended_.clear();
    if (!started_) start();
    while (!order_.empty() && !batch.full() && add_next(batch)) advance_first();
    return batch.count != 0 ? PollStatus::frames : PollStatus::end;
}

Progress CaptureFiles::progress() const {
    Progress progress;
    bool known = true;
    for (const auto& file : files_) {
        progress.bytes_read += file->bytes_read();
        progress.bytes_total += file->bytes_total();
        known = known && file->bytes_total() != 0;
    }
    if (!known) progress.bytes_total = 0;
    return progress;
}

std::vector<FileStatistics> CaptureFiles::statistics() const {
    std::vector<FileStatistics> all;
    all.reserve(files_.size());
    for (const auto& file : files_) all.push_back(file->statistics());
    return all;
}

}  // namespace telltale::capture
