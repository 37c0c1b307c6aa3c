// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sensor/base/packet_clock.h"
#include "sensor/base/result.h"
#include "sensor/capture/file_statistics.h"
#include "sensor/capture/input_stream.h"
#include "sensor/capture/pcap_reader.h"
#include "sensor/capture/record_reader.h"
#include "sensor/model/frame.h"

namespace telltale::capture {

// One pcap or pcapng file, positioned at its next frame. If the file breaks (cut in the middle, damaged), it ends with
// a warning. Frames of a pcapng interface with an unsupported link type are skipped, counted and named in a warning; a
// file without a supported interface does not open. Single-threaded.
class CaptureFile {
  public:
    static base::Result<std::unique_ptr<CaptureFile>> open(const std::string& path, const std::atomic<bool>* stop);

    // Reads the next frame. Returns false at the end. `turn` counts batches.
    bool advance(std::uint64_t turn) {
        if (statistics_.finished) return false;
        stream_->begin_turn(turn);
        // A direct call for the format of nearly all large files.
        ReadStatus status = pcap_ != nullptr ? pcap_->read(record_) : reader_->read(record_);
        while (status == ReadStatus::record && record_.link_type != link_type_ && !take_link_type(record_.link_type)) {
            status = reader_->read(record_);
        }
        if (status != ReadStatus::record) [[unlikely]]
            return end(status);
        next_.data = record_.data;
        next_.captured_length = record_.captured_length;
        next_.wire_length = record_.wire_length;
        next_.timestamp_ns = packet_time(record_);
        return true;
    }
    // Returns the next frame. Its bytes stay in place until the end of the turn in which advance() passes it.
    [[nodiscard]] const model::Frame& next() const { return next_; }
    // Counts the next frame as taken, cut to `taken_bytes`.
    void take(std::uint32_t taken_bytes) {
        FileStatistics& count = statistics_;
        const std::int64_t time_ns = next_.timestamp_ns;
        if (count.frames++ == 0) [[unlikely]]
            count.first_ns = count.last_ns = previous_ns_ = time_ns;
        if (time_ns < previous_ns_) [[unlikely]] {
            ++count.late_frames;
            count.first_ns = std::min(count.first_ns, time_ns);
        }
        if (time_ns > count.last_ns) count.last_ns = time_ns;
        previous_ns_ = time_ns;
        count.captured_bytes += next_.captured_length;
        count.wire_bytes += next_.wire_length;
        if (next_.wire_length > next_.captured_length) ++count.snapped_frames;
        if (taken_bytes < next_.captured_length) [[unlikely]]
            ++count.cut_frames;
    }
    // Returns the memory that the file holds for this turn, besides the current block, in bytes.
    [[nodiscard]] std::size_t bytes_held() const { return stream_->bytes_held(); }
    // Releases file and memory. Call it after advance() has returned false and the turn is over.
    void close();

    [[nodiscard]] const FileStatistics& statistics() const { return statistics_; }
    [[nodiscard]] std::uint64_t bytes_read() const;
    [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }

  private:
    // Later times (the year 2223) are clamped, so that adding a timeout to a packet's time cannot overflow.
    static constexpr std::int64_t kLatestSecond = 8'000'000'000;

    CaptureFile() = default;
    base::Status open_pcap();
    base::Status open_pcapng();
    bool end(ReadStatus status);  // returns false
    void finish();
    void warn_about_break(std::string_view reason);
    [[nodiscard]] std::int64_t packet_time(const Record& record) {
        const auto within = [](std::int64_t value, std::int64_t last) {
            return static_cast<std::uint64_t>(value) <= static_cast<std::uint64_t>(last);
        };
        if (within(record.seconds, kLatestSecond) && within(record.nanoseconds, base::kSecondNs - 1)) [[likely]]
            return record.seconds * base::kSecondNs + record.nanoseconds;
        return clamped_time(record);
    }
    [[nodiscard]] std::int64_t clamped_time(const Record& record);
    bool take_link_type(int link_type);

    std::unique_ptr<InputStream> stream_;  // outlives reader_, which reads from it
    std::unique_ptr<RecordReader> reader_;
    PcapReader* pcap_ = nullptr;      // reader_ if it is one, else null
    Record record_;                   // of the next frame
    int link_type_ = -1;              // the DLT_ value of the last supported frame
    int unsupported_link_type_ = -1;  // the DLT_ value of the first unsupported frame
    model::Frame next_;
    FileStatistics statistics_;
    std::uint64_t bytes_total_ = 0;
    std::uint64_t bytes_at_end_ = 0;
    std::int64_t previous_ns_ = 0;
};

}  // namespace telltale::capture
