// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "sensor/base/result.h"
#include "sensor/capture/file_statistics.h"
#include "sensor/capture/input_stream.h"
#include "sensor/model/frame.h"

struct pcap;  // libpcap's pcap_t

namespace telltale::capture {

// One pcap or pcapng file, with its next frame at hand. Where the file breaks (cut in the middle, damaged, or pcapng
// with an interface of another link type, which libpcap refuses) it ends with a warning. One thread.
class CaptureFile {
  public:
    static base::Result<std::unique_ptr<CaptureFile>> open(const std::string& path, const std::atomic<bool>* stop);

    // Reads the next frame; false at the end.
    bool advance();
    // The next frame, borrowed until advance(); captured bytes may be fewer than a batch takes.
    [[nodiscard]] const model::Frame& next() const { return next_; }
    // Books the next frame as taken, cut to `taken_bytes`.
    void take(std::uint32_t taken_bytes);

    [[nodiscard]] const FileStatistics& statistics() const { return statistics_; }
    [[nodiscard]] std::uint64_t bytes_read() const;
    [[nodiscard]] std::uint64_t bytes_total() const { return bytes_total_; }

  private:
    struct PcapCloser {
        void operator()(pcap* handle) const;
    };

    CaptureFile() = default;
    void finish();
    void warn_about_break(const std::string& reason);
    [[nodiscard]] std::int64_t packet_time(std::int64_t seconds, std::int64_t nanoseconds);

    std::unique_ptr<InputStream> stream_;  // outlives pcap_, which reads from it
    std::unique_ptr<pcap, PcapCloser> pcap_;
    model::Frame next_;
    FileStatistics statistics_;
    std::uint64_t bytes_total_ = 0;
    std::uint64_t bytes_at_end_ = 0;
    std::int64_t previous_ns_ = 0;
};

}  // namespace telltale::capture
