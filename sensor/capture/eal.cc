// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/eal.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace telltale::capture {
namespace {

// While it lives, standard error goes to memory: DPDK's first messages go there whatever its log is set to.
class CapturedStandardError {
  public:
    CapturedStandardError() {
        std::fflush(stderr);
        memory_ = memfd_create("telltale-dpdk-log", MFD_CLOEXEC);
        if (memory_ < 0) return;
        saved_ = dup(STDERR_FILENO);
        if (saved_ >= 0) dup2(memory_, STDERR_FILENO);
    }
    ~CapturedStandardError() { stop(); }
    CapturedStandardError(const CapturedStandardError&) = delete;
    CapturedStandardError& operator=(const CapturedStandardError&) = delete;

    // Gives standard error back; what was written meanwhile.
    std::string stop() {
        std::string text;
        if (saved_ >= 0) {
            std::fflush(stderr);
            dup2(saved_, STDERR_FILENO);
            close(saved_);
            saved_ = -1;
            std::array<char, 4096> part;
            off_t at = 0;
            for (ssize_t size = 0;
                 text.size() < kMostBytes && (size = pread(memory_, part.data(), part.size(), at)) > 0; at += size) {
                text.append(part.data(), static_cast<std::size_t>(size));
            }
        }
        if (memory_ >= 0) close(memory_);
        memory_ = -1;
        return text;
    }

  private:
    static constexpr std::size_t kMostBytes = 64 * 1024;
    int memory_ = -1;
    int saved_ = -1;
};

int first_cpu(const cpu_set_t& cpus) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<std::size_t>(cpu), &cpus)) return cpu;
    }
    return 0;
}

}  // namespace

base::Result<std::unique_ptr<Eal>> Eal::start(const EalConfig& config) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    const bool affinity_known = sched_getaffinity(0, sizeof cpus, &cpus) == 0;

    std::vector<std::string> words = {"telltale",
                                      "--no-huge",
                                      "--no-pci",
                                      "--no-shconf",
                                      "--no-telemetry",
                                      "-l",
                                      std::to_string(affinity_known ? first_cpu(cpus) : 0)};
    for (const std::string& vdev : config.vdevs) words.push_back("--vdev=" + vdev);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());

    std::unique_ptr<Eal> eal(new Eal);
    CapturedStandardError captured;
    rte_openlog_stream(stderr);  // and not to syslog
    const int started = rte_eal_init(static_cast<int>(arguments.size()), arguments.data());
    const int error = rte_errno;
    eal->log_ = captured.stop();
    if (affinity_known) sched_setaffinity(0, sizeof cpus, &cpus);
    if (started < 0) {
        const std::string said = failure_in(eal->log_);
        // Nothing to clean up: what failed to start must not be stopped.
        eal.release();  // NOLINT(bugprone-unused-return-value)
        return base::Error{"DPDK does not start: " + (said.empty() ? std::string(std::strerror(error)) : said)};
    }
    rte_log_set_global_level(RTE_LOG_ERR);
    return eal;
}

Eal::~Eal() { rte_eal_cleanup(); }

std::string failure_in(const std::string& log) {
    static constexpr std::array<std::string_view, 8> kSigns = {"annot", "ould not", "ailed",   "rror",
                                                               "nable", "nvalid",   "not fit", "FATAL"};
    std::string found;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = std::min(log.find('\n', at), log.size());
        const std::string_view line = std::string_view(log).substr(at, end - at);
        at = end + 1;
        bool failed = false;
        for (std::string_view sign : kSigns) failed = failed || line.find(sign) != std::string_view::npos;
        // Every bus and device adds a line of its own to the first that failed.
        if (!failed || !found.empty()) continue;
        found = line;
        for (std::string_view prefix : {"EAL: ", "FATAL: ", "open_packet_iface(): ", "rte_pmd_init_internals(): "}) {
            if (found.starts_with(prefix)) found.erase(0, prefix.size());
        }
    }
    return found;
}

}  // namespace telltale::capture
