// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/crash_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "sensor/base/clock.h"

namespace telltale::app {
namespace {

constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr std::size_t kMostWorkers = 256;

// draft-ietf-opsawg-pcap section 4, in this machine's byte order.
struct FileHeader {
    std::uint32_t magic = 0xa1b23c4d;  // timestamps in nanoseconds
    std::uint16_t major = 2;
    std::uint16_t minor = 4;
    std::uint32_t reserved[2] = {};
    std::uint32_t snap_length = 262'144;
    std::uint32_t link_type = 1;  // LINKTYPE_ETHERNET: what ports have
};
struct PacketHeader {
    std::uint32_t seconds;
    std::uint32_t nanoseconds;
    std::uint32_t captured_length;
    std::uint32_t wire_length;
};

// The handler's data, set before it is installed. The handler must not allocate, lock or throw (signal-safety(7)).
int crash_descriptor = -1;
std::array<const pipeline::FramesInHand*, kMostWorkers> crash_workers;
std::size_t crash_worker_count = 0;

void put(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const char*>(data);
    while (size > 0) {
        // A frame whose memory is gone fails here and does not crash again.
        const ssize_t wrote = write(crash_descriptor, bytes, size);
        if (wrote <= 0) return;
        bytes += wrote;
        size -= static_cast<std::size_t>(wrote);
    }
}

extern "C" void leave_frames(int signal_number) {
    const FileHeader header;
    put(&header, sizeof header);
    for (std::size_t i = 0; i < crash_worker_count; ++i) {
        for (const model::Frame& frame : crash_workers[i]->frames()) {
            if (frame.reassembled) continue;  // its fragments are written instead
            const PacketHeader packet{static_cast<std::uint32_t>(frame.timestamp_ns / base::kSecondNs),
                                      static_cast<std::uint32_t>(frame.timestamp_ns % base::kSecondNs),
                                      frame.captured_length, std::max(frame.wire_length, frame.captured_length)};
            put(&packet, sizeof packet);
            put(frame.data, frame.captured_length);
        }
    }
    (void)fsync(crash_descriptor);
    // SA_RESETHAND has restored the default action.
    (void)raise(signal_number);
}

}  // namespace

base::Status keep_frames_of_a_crash(const std::filesystem::path& file,
                                    const std::vector<const pipeline::FramesInHand*>& workers) {
    std::error_code failed;
    if (std::filesystem::exists(file, failed) && std::filesystem::file_size(file, failed) > 0) {
        std::filesystem::rename(file, file.string() + ".1", failed);
    }
    crash_descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (crash_descriptor < 0) {
        return base::Error{fmt::format("{}: cannot be written: {}", file.string(), std::strerror(errno))};
    }
    crash_worker_count = std::min(workers.size(), crash_workers.size());
    std::copy_n(workers.begin(), crash_worker_count, crash_workers.begin());
    struct sigaction action {};
    action.sa_handler = leave_frames;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    for (const int signal_number : kSignals) (void)sigaction(signal_number, &action, nullptr);
    return base::Done{};
}

}  // namespace telltale::app
