// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "exporters/kafka/cause.h"
#include "exporters/kafka/kafka_config.h"
#include "exporters/kafka/kafka_figures.h"
#include "exporters/kafka/log_limiter.h"

namespace telltale::kafka {

// Keeps what is between events and brokers at the moment, by cause: one log line when a cause begins, one every
// kRemindAfter while it lasts, one when it is over. Causes of a topic are logged for each topic, those of the cluster
// once, however many producers meet them. Any thread.
class Troubles {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kRemindAfter{600};
    static constexpr std::chrono::seconds kQuiet{3};      // of a cluster's cause, beside deliveries, before it is over
    static constexpr std::chrono::seconds kNotAgain{30};  // between the lines of one that comes and goes

    Troubles(const KafkaConfig& config, LogHook log) : config_(config), limiter_(log), notes_(std::move(log)) {}

    // Something went wrong with the topic's events. `detail` is what the brokers or librdkafka say.
    void report(Cause cause, model::Topic topic, std::string_view detail, Clock::time_point now = Clock::now());
    // An event of the topic was delivered.
    void delivered(model::Topic topic, Clock::time_point now = Clock::now());
    // Everything was delivered at the end: no cause is left.
    void end(Clock::time_point now = Clock::now());
    // Ends causes of the cluster that have not come again for a while.
    void look(Clock::time_point now = Clock::now());
    // Whether a cause that explains why the topic does not move is known.
    [[nodiscard]] bool known_for(model::Topic topic) const;
    // One of librdkafka's own lines.
    void note(std::string_view line);

    // Sets errors, last_error of topics and cluster, and log_lines_dropped.
    void add_to(KafkaFigures& figures) const;

  private:
    struct Trouble {
        Clock::time_point since;
        Clock::time_point last;
        Clock::time_point told{};  // not yet: zero
        bool open = false;
        bool delivered = false;  // since the last time
    };
    // The topic is `kWhole` for causes of the cluster.
    using Key = std::pair<Cause, std::size_t>;

    [[nodiscard]] std::string name_of(std::size_t topic) const;
    [[nodiscard]] bool is_explained(std::string_view detail, Clock::time_point now) const;
    void tell(const Key& key, Trouble& trouble, std::string_view detail, Clock::time_point now);
    void close(const Key& key, Trouble& trouble, Clock::time_point now);
    void log(LogLevel level, std::string_view line, Clock::time_point now);

    const KafkaConfig& config_;
    mutable std::mutex mutex_;
    LogLimiter limiter_;
    LogLimiter notes_;  // librdkafka's own lines take no room from the others
    std::map<Key, Trouble> troubles_;
    base::EnumArray<Cause, std::uint64_t> counts_;
    base::EnumArray<model::Topic, std::string> last_error_of_;
    std::string last_error_;
    std::uint64_t lines_dropped_ = 0;
};

}  // namespace telltale::kafka
