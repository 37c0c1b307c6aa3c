// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/troubles.h"

#include "exporters/kafka/producer_conf.h"

namespace telltale::kafka {
namespace {

constexpr std::size_t kWhole = base::kCount<model::Topic>;

std::size_t place_of(Cause cause, model::Topic topic) {
    return kCauseScope[cause] == CauseScope::cluster ? kWhole : base::index_of(topic);
}

}  // namespace

std::string Troubles::name_of(std::size_t topic) const {
    return topic == kWhole ? std::string() : topic_name(config_, static_cast<model::Topic>(topic)) + ": ";
}

void Troubles::report(Cause cause, model::Topic topic, std::string_view detail, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    ++counts_[cause];
    const Key key{cause, place_of(cause, topic)};
    if (cause == Cause::brokers_away && is_explained(detail, now)) return;
    Trouble& trouble = troubles_[key];
    trouble.last = now;
    trouble.delivered = false;
    if (!trouble.open) {
        trouble.open = true;
        trouble.since = now;
    }
    std::string& last_error = key.second == kWhole ? last_error_ : last_error_of_[topic];
    last_error = name_of(key.second) + std::string(kWrong[cause]) + " (" + std::string(detail) + ")";
    const bool again = now - trouble.told >= kRemindAfter;
    const bool anew = trouble.told < trouble.since && now - trouble.told >= kNotAgain;
    if (trouble.told == Clock::time_point{} || again || anew) tell(key, trouble, detail, now);
}

// Whether another cause of the cluster explains that connections end: librdkafka reports both. Brokers that do not
// answer may be away a moment later; brokers that refuse a handshake are there.
bool Troubles::is_explained(std::string_view detail, Clock::time_point now) const {
    const bool always_comes_with_others = detail.starts_with("_ALL_BROKERS_DOWN");
    for (const auto& [key, trouble] : troubles_) {
        if (!trouble.open || key.second != kWhole) continue;
        if (always_comes_with_others) return true;
        const bool of_handshake =
            key.first != Cause::brokers_away && key.first != Cause::no_answer && key.first != Cause::throttled;
        if (of_handshake && now - trouble.last < kNotAgain) return true;
    }
    return false;
}

void Troubles::tell(const Key& key, Trouble& trouble, std::string_view detail, Clock::time_point now) {
    trouble.told = now;
    const bool slow = key.first == Cause::throttled || key.first == Cause::producer_ended;
    // Our own words first: the other side's text may be long.
    log(slow ? LogLevel::warning : LogLevel::error,
        name_of(key.second) + std::string(kWrong[key.first]) + ": " + std::string(kToDo[key.first]) + " (" +
            std::string(detail) + ")",
        now);
}

void Troubles::close(const Key& key, Trouble& trouble, Clock::time_point now) {
    trouble.open = false;
    const bool of_one_event = key.first == Cause::too_large || key.first == Cause::refused;
    if (of_one_event || trouble.told < trouble.since) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - trouble.since).count();
    log(LogLevel::info,
        name_of(key.second) + "delivering again, after " + std::to_string(seconds) + " s of " +
            std::string(to_string(key.first)),
        now);
}

void Troubles::delivered(model::Topic topic, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    last_error_.clear();
    last_error_of_[topic].clear();
    for (auto& [key, trouble] : troubles_) {
        if (!trouble.open) continue;
        if (key.second == kWhole) trouble.delivered = true;
        if (key.second == base::index_of(topic)) close(key, trouble, now);
    }
}

void Troubles::look(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    for (auto& [key, trouble] : troubles_) {
        if (trouble.open && key.second == kWhole && trouble.delivered && now - trouble.last >= kQuiet) {
            close(key, trouble, now);
        }
    }
}

void Troubles::end(Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    for (auto& [key, trouble] : troubles_) {
        if (trouble.open) close(key, trouble, now);
    }
}

bool Troubles::known_for(model::Topic topic) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, trouble] : troubles_) {
        if (trouble.open && (key.second == kWhole || key.second == base::index_of(topic))) return true;
    }
    return false;
}

void Troubles::note(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (!notes_.log(LogLevel::debug, line)) ++lines_dropped_;
}

void Troubles::log(LogLevel level, std::string_view line, Clock::time_point now) {
    if (!limiter_.log(level, line, now)) ++lines_dropped_;
}

void Troubles::add_to(KafkaFigures& figures) const {
    const std::lock_guard lock(mutex_);
    figures.errors = counts_;
    figures.last_error = last_error_;
    figures.log_lines_dropped = lines_dropped_;
    for (const auto topic : base::enumerators<model::Topic>()) figures.topics[topic].last_error = last_error_of_[topic];
}

}  // namespace telltale::kafka
