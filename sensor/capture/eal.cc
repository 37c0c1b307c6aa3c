// SPDX-License-Identifier: Apache-2.0
#include "sensor/capture/eal.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <sched.h>

#include <array>
#include <cstring>
#include <string_view>

#include "sensor/capture/captured_standard_error.h"

namespace telltale::capture {
namespace {

int first_cpu(const cpu_set_t& cpus) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<std::size_t>(cpu), &cpus)) return cpu;
    }
    return 0;
}

std::vector<std::string> words_of(const EalConfig& config, int cpu) {
    std::vector<std::string> words = {"telltale", "--no-telemetry", "-l", std::to_string(cpu)};
    if (config.hugepages) {
        words.push_back("--in-memory");  // creates no files, so a crash leaves nothing behind
    } else {
        words.insert(words.end(), {"--no-huge", "--no-shconf", "-m", std::to_string((config.memory_bytes >> 20) + 1)});
    }
    if (config.cards.empty()) words.push_back("--no-pci");
    for (const std::string& card : config.cards) words.insert(words.end(), {"-a", card});
    words.insert(words.end(), config.options.begin(), config.options.end());
    return words;
}

}  // namespace

base::Status start_eal(const EalConfig& config) {
    static bool started = false;
    static bool failed_before = false;
    if (started) return base::Done{};
    if (failed_before) return base::Error{"DPDK has failed to start before; it can be started only once per process"};
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    const bool affinity_known = sched_getaffinity(0, sizeof cpus, &cpus) == 0;
    // DPDK may keep pointers into the words.
    static std::vector<std::string> words;
    static std::vector<char*> arguments;
    words = words_of(config, affinity_known ? first_cpu(cpus) : 0);
    for (std::string& word : words) arguments.push_back(word.data());

    CapturedStandardError captured;
    rte_openlog_stream(stderr);  // instead of syslog
    started = rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) >= 0;
    const int error = rte_errno;
    const std::string log = captured.stop();
    if (affinity_known) sched_setaffinity(0, sizeof cpus, &cpus);
    failed_before = !started;
    if (!started) {
        const std::string said = failure_in(log);
        return base::Error{"DPDK cannot start: " + (said.empty() ? std::string(std::strerror(error)) : said)};
    }
    rte_log_set_global_level(RTE_LOG_ERR);
    return base::Done{};
}

std::string failure_in(const std::string& log) {
    static constexpr auto kSigns = std::to_array<std::string_view>(
        {"annot", "ot enough", "ould not", "ailed", "rror", "nable", "nvalid", "not fit", "FATAL"});
    std::string found;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = std::min(log.find('\n', at), log.size());
        const std::string_view line = std::string_view(log).substr(at, end - at);
        at = end + 1;
        bool failed = false;
        for (std::string_view sign : kSigns) failed = failed || line.find(sign) != std::string_view::npos;
        // Each bus and device adds a line of its own; the first one names the failure.
        if (!failed || !found.empty()) continue;
        found = line;
        for (std::string_view prefix : {"EAL: ", "FATAL: ", "open_packet_iface(): ", "rte_pmd_init_internals(): "}) {
            if (found.starts_with(prefix)) found.erase(0, prefix.size());
        }
    }
    return found;
}

}  // namespace telltale::capture
