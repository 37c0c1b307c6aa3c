// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/json_format.h"

#include "exporters/ecs/event_writer.h"
#include "exporters/ecs/fixed_parts.h"
#include "exporters/ecs/related.h"
#include "exporters/ecs/sections.h"
#include "sensor/model/schema_version.h"
#include "sensor/model/sentence.h"

namespace telltale::ecs {
namespace {

using model::Event;

// Captures may begin with the epoch: 0 is a time like others here.
void write_period(JsonObject& parent, std::int64_t start_ns, std::int64_t end_ns) {
    parent.time("start"_key, start_ns);
    parent.time("end"_key, end_ns);
    if (end_ns >= start_ns) parent.signed_number("duration"_key, end_ns - start_ns);
}

// event.action of an alert is its policy's name of what happened.
std::string_view action(const Event& event) {
    return event.alert && !event.alert->policy_id.empty() ? std::string_view(event.alert->policy_id)
                                                          : model::to_string(event.action);
}

void write_event(JsonObject& root, const Event& event, std::uint64_t sequence, const FixedParts::EventPart& fixed) {
    JsonObject section(root, Opening{fixed.before_sequence});
    section.writer().append_digits(sequence);
    section.writer().append(fixed.before_action);
    section.text("action"_key, action(event));
    section.writer().append(fixed.after_action);
    section.number("sequence"_key, sequence);
    section.known_time("created"_key, event.created_ns);
    if (event.transfer) write_period(section, event.transfer->start_ns, event.transfer->end_ns);
    if (event.alert) write_period(section, event.alert->first_seen_ns, event.alert->last_seen_ns);
    if (event.alert) {
        section.number("severity"_key, base::index_of(event.alert->severity));
        section.number("risk_score"_key, event.alert->risk_score);
        section.text("reason"_key, event.alert->reason, kMaxMessageCharacters);
    }
    if (event.config_change) section.text("outcome"_key, event.config_change->error.empty() ? "success" : "failure");
}

}  // namespace

struct JsonFormat::State {
    explicit State(const ObserverInfo& observer) : fixed(observer) {}

    FixedParts fixed;
    EventWriter writer;
    Related related;
    std::string sentence;
};

JsonFormat::JsonFormat(const ObserverInfo& observer) : state_(std::make_unique<State>(observer)) {}
JsonFormat::~JsonFormat() = default;
JsonFormat::JsonFormat(JsonFormat&&) noexcept = default;
JsonFormat& JsonFormat::operator=(JsonFormat&&) noexcept = default;

void JsonFormat::render(const Event& event, std::uint64_t sequence, std::string& out) {
    State& state = *state_;
    EventWriter& writer = state.writer;
    writer.clear();
    state.sentence.clear();
    model::append_sentence(state.sentence, event);
    {
        JsonObject root(writer);
        root.time("@timestamp"_key, event.time_ns);
        writer.append(state.fixed.ecs());
        root.text("message"_key, state.sentence, kMaxMessageCharacters);
        write_event(root, event, sequence, state.fixed.event(event.action));
        if (event.config_change) {
            JsonObject(root, "error"_key).text("message"_key, event.config_change->error, kMaxMessageCharacters);
        }
        writer.append(state.fixed.observer());
        write_device(root, event);
        write_network(root, event);
        write_rule(root, event);
        state.related.write(root, event);
        write_telltale(root, event, Opening{state.fixed.before_generation()});
    }
    out.append(writer.str());
}

std::string event_id_prefix(model::Topic topic, const ObserverInfo& observer) {
    std::string id = observer.sensor_id;
    id += ':';
    id += observer.boot_id;
    id += ':';
    id += model::versioned(topic);
    id += ':';
    return id;
}

std::string event_id(model::Topic topic, std::uint64_t sequence, const ObserverInfo& observer) {
    return event_id_prefix(topic, observer) + std::to_string(sequence);
}

}  // namespace telltale::ecs
