// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/figures_board.h"

#include <utility>

#include "exporters/kafka/producer_conf.h"

namespace telltale::kafka {

FiguresBoard::FiguresBoard(const KafkaConfig& config) {
    for (const auto topic : base::enumerators<model::Topic>()) figures_.topics[topic].topic = topic_name(config, topic);
}

void FiguresBoard::taken(model::Topic topic) {
    const std::lock_guard lock(mutex_);
    ++figures_.topics[topic].taken;
    ++figures_.topics[topic].waiting;
}

void FiguresBoard::delivered(model::Topic topic, std::int64_t since_ns, std::int64_t now_ns) {
    const std::lock_guard lock(mutex_);
    ++figures_.topics[topic].delivered;
    --figures_.topics[topic].waiting;
    figures_.delay.add(since_ns, now_ns);
    figures_.last_delivered_ns = now_ns;
}

void FiguresBoard::dead(model::Topic topic) {
    const std::lock_guard lock(mutex_);
    ++figures_.topics[topic].dead;
    --figures_.topics[topic].waiting;
}

void FiguresBoard::failed(model::Topic topic) {
    const std::lock_guard lock(mutex_);
    ++figures_.topics[topic].failed;
}

void FiguresBoard::producer_made() {
    const std::lock_guard lock(mutex_);
    ++figures_.producers_made;
}

void FiguresBoard::queue_full() {
    const std::lock_guard lock(mutex_);
    ++figures_.queue_full_waits;
}

void FiguresBoard::statistics(model::Topic topic, Statistics statistics) {
    const std::lock_guard lock(mutex_);
    statistics_[topic] = std::move(statistics);
}

KafkaFigures FiguresBoard::get() const {
    const std::lock_guard lock(mutex_);
    KafkaFigures figures = figures_;
    // A producer connects only to the brokers that lead its topic.
    std::set<std::int32_t> known;
    std::set<std::int32_t> up;
    for (const Statistics& one : statistics_) {
        known.insert(one.brokers_known.begin(), one.brokers_known.end());
        up.insert(one.brokers_up.begin(), one.brokers_up.end());
        figures.queued_messages += one.queued_messages;
        figures.queued_bytes += one.queued_bytes;
    }
    figures.brokers_known = static_cast<std::uint32_t>(known.size());
    figures.brokers_up = static_cast<std::uint32_t>(up.size());
    return figures;
}

}  // namespace telltale::kafka
