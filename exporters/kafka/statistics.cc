// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/statistics.h"

#include <rapidjson/document.h>

#include <string>
#include <utility>

namespace telltale::kafka {
namespace {

using rapidjson::Value;

// A member that is an object; an empty one if it is missing.
const Value& object_in(const Value& object, const char* name) {
    static const Value kNone(rapidjson::kObjectType);
    const auto member = object.FindMember(name);
    return member != object.MemberEnd() && member->value.IsObject() ? member->value : kNone;
}

std::uint64_t count_in(const Value& object, const char* name) {
    const auto member = object.FindMember(name);
    return member != object.MemberEnd() && member->value.IsUint64() ? member->value.GetUint64() : 0;
}

std::optional<std::int32_t> number_in(const Value& object, const char* name) {
    const auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.IsInt()) return std::nullopt;
    return member->value.GetInt();
}

// librdkafka lists more than the cluster's brokers: bootstrap addresses and coordinators have negative numbers.
void read_brokers(const Value& all, Statistics& read) {
    for (const auto& [name, broker] : object_in(all, "brokers").GetObject()) {
        if (!broker.IsObject()) continue;
        const std::optional<std::int32_t> node = number_in(broker, "nodeid");
        if (!node || *node < 0) continue;
        read.brokers_known.insert(*node);
        const auto state = broker.FindMember("state");
        if (state != broker.MemberEnd() && state->value.IsString() && state->value.GetString() == std::string("UP")) {
            read.brokers_up.insert(*node);
        }
    }
}

void read_partitions(const Value& topic, Statistics& read) {
    for (const auto& [name, partition] : object_in(topic, "partitions").GetObject()) {
        if (!partition.IsObject()) continue;
        const std::optional<std::int32_t> number = number_in(partition, "partition");
        const bool waits = count_in(partition, "msgq_cnt") + count_in(partition, "xmit_msgq_cnt") > 0;
        if (number && *number >= 0 && waits && number_in(partition, "leader") == -1) read.leaderless.push_back(*number);
    }
}

}  // namespace

std::optional<Statistics> parse_statistics(std::string_view json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject()) return std::nullopt;
    const Value& all = std::as_const(document);
    Statistics read;
    read_brokers(all, read);
    for (const auto& [name, topic] : object_in(all, "topics").GetObject()) {
        if (topic.IsObject()) read_partitions(topic, read);
    }
    read.queued_messages = count_in(all, "msg_cnt");
    read.queued_bytes = count_in(all, "msg_size");
    return read;
}

}  // namespace telltale::kafka
