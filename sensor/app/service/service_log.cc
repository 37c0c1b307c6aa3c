// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/service_log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "sensor/base/utf8.h"

namespace telltale::app {
namespace {

std::atomic<std::uint64_t> left_out_since_start{0};

// sd-daemon(3): the priorities of syslog(3).
char priority_of(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::trace:
        case spdlog::level::debug: return '7';
        case spdlog::level::warn: return '4';
        case spdlog::level::err: return '3';
        case spdlog::level::critical: return '2';
        default: return '6';
    }
}

class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit LogSink(bool journal) : journal_(journal) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        Window& window = windows_[static_cast<std::size_t>(message.level)];
        if (message.time - window.begin >= kLogWindow) {
            if (window.left_out != 0) {
                write(message.level, message.time,
                      fmt::format("{} further lines of this level were left out", window.left_out));
            }
            window = {message.time, 0, 0};
        }
        if (window.lines == kMaxLogLines) {
            ++window.left_out;
            left_out_since_start.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        ++window.lines;
        write(message.level, message.time, harmless({message.payload.data(), message.payload.size()}));
    }
    void flush_() override {}

  private:
    struct Window {
        spdlog::log_clock::time_point begin;
        unsigned lines = 0;
        std::uint64_t left_out = 0;
    };

    void write(spdlog::level::level_enum level, spdlog::log_clock::time_point time, const std::string& text) const {
        const std::string line =
            journal_ ? fmt::format("<{}>{}\n", priority_of(level), text)
                     : fmt::format("{:%Y-%m-%dT%H:%M:%S}Z {} {}\n",
                                   fmt::gmtime(std::chrono::system_clock::to_time_t(time)), to_word(level), text);
        // One call per line. The result does not matter: nobody may read the log any more.
        (void)!::write(STDERR_FILENO, line.data(), line.size());
    }

    static std::string_view to_word(spdlog::level::level_enum level) {
        const auto word = spdlog::level::to_string_view(level);
        return {word.data(), word.size()};
    }

    bool journal_;
    std::array<Window, spdlog::level::n_levels> windows_{};
};

}  // namespace

void set_up_service_log(std::string_view level) {
    const auto sink = std::make_shared<LogSink>(std::getenv("JOURNAL_STREAM") != nullptr);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("telltale", sink));
    set_log_level(level);
}

void set_log_level(std::string_view level) { spdlog::set_level(spdlog::level::from_str(std::string(level))); }

std::uint64_t log_lines_left_out() { return left_out_since_start.load(std::memory_order_relaxed); }

void log_error_lines(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        spdlog::error("{}", text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::string harmless(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size() && out.size() < kMaxLogLine) {
        const char32_t code_point = base::next_code_point(text, at);
        if (base::is_control(code_point)) {
            out += code_point < 0x100 ? fmt::format("\\x{:02x}", static_cast<std::uint32_t>(code_point))
                                      : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code_point));
        } else {
            base::append_code_point(code_point, out);
        }
    }
    if (at < text.size()) out += "...";
    return out;
}

}  // namespace telltale::app
