// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/figures_board.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <utility>

#include "exporters/kafka/producer_conf.h"

namespace telltale::kafka {
namespace {

using Object = rapidjson::Document::ConstObject;

std::uint64_t figure(const Object& object, const char* name) {
    const auto member = object.FindMember(name);
    return member != object.MemberEnd() && member->value.IsUint64() ? member->value.GetUint64() : 0;
}

// A broker of the cluster, and not librdkafka's own notion of one (a bootstrap address, the coordinator).
bool is_broker(const rapidjson::Value& broker) {
    if (!broker.IsObject()) return false;
    const auto id = broker.FindMember("nodeid");
    return id != broker.MemberEnd() && id->value.IsInt() && id->value.GetInt() >= 0;
}

bool is_up(const rapidjson::Value& broker) {
    const auto state = broker.FindMember("state");
    return state != broker.MemberEnd() && state->value.IsString() &&
           std::string_view(state->value.GetString(), state->value.GetStringLength()) == "UP";
}

}  // namespace

FiguresBoard::FiguresBoard(const KafkaConfig& config) {
    for (const auto topic : base::enumerators<model::Topic>()) figures_.topics[topic].topic = topic_name(config, topic);
}

void FiguresBoard::taken(model::Topic topic) {
    const std::lock_guard lock(mutex_);
    ++figures_.topics[topic].taken;
    ++figures_.topics[topic].waiting;
}

bool FiguresBoard::delivered(model::Topic topic, std::int64_t since_ns, std::int64_t now_ns) {
    const std::lock_guard lock(mutex_);
    ++figures_.topics[topic].delivered;
    --figures_.topics[topic].waiting;
    figures_.delay.add(since_ns, now_ns);
    figures_.last_delivered_ns = now_ns;
    const bool topic_again = !std::exchange(figures_.topics[topic].last_error, {}).empty();
    const bool again = !std::exchange(figures_.last_error, {}).empty();
    return topic_again || again;
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

void FiguresBoard::error(std::string text) {
    const std::lock_guard lock(mutex_);
    figures_.last_error = std::move(text);
}

void FiguresBoard::error(model::Topic topic, std::string text) {
    const std::lock_guard lock(mutex_);
    figures_.topics[topic].last_error = std::move(text);
}

void FiguresBoard::producer_made() {
    const std::lock_guard lock(mutex_);
    ++figures_.producers_made;
}

void FiguresBoard::queue_full() {
    const std::lock_guard lock(mutex_);
    ++figures_.queue_full_waits;
}

void FiguresBoard::log_line_dropped() {
    const std::lock_guard lock(mutex_);
    ++figures_.log_lines_dropped;
}

void FiguresBoard::statistics(std::string_view json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject()) return;
    const Object all = std::as_const(document).GetObject();
    std::uint32_t known = 0;
    std::uint32_t up = 0;
    const auto brokers = all.FindMember("brokers");
    if (brokers != all.MemberEnd() && brokers->value.IsObject()) {
        for (const auto& broker : brokers->value.GetObject()) {
            if (!is_broker(broker.value)) continue;
            ++known;
            if (is_up(broker.value)) ++up;
        }
    }
    const std::lock_guard lock(mutex_);
    figures_.brokers_known = known;
    figures_.brokers_up = up;
    figures_.queued_messages = figure(all, "msg_cnt");
    figures_.queued_bytes = figure(all, "msg_size");
}

KafkaFigures FiguresBoard::get() const {
    const std::lock_guard lock(mutex_);
    return figures_;
}

}  // namespace telltale::kafka
