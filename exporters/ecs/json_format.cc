// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/json_format.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "exporters/ecs/json_object.h"
#include "exporters/ecs/notation.h"
#include "exporters/ecs/sections.h"
#include "sensor/model/sentence.h"

namespace telltale::ecs {
namespace {

using model::Event;

void write_keywords(JsonObject& parent, std::string_view name, std::span<const std::string_view> words) {
    std::vector<std::string_view> present;
    for (const std::string_view word : words) {
        if (!word.empty()) present.push_back(word);
    }
    parent.list(name, present,
                [](JsonOutput& output, std::string_view word) { output.text(word, kMaxTextCharacters); });
}

void write_time(JsonObject& parent, std::string_view name, std::int64_t time_ns) {
    if (time_ns != 0) parent.text(name, timestamp(time_ns), kMaxTextCharacters);
}

// Captures may begin with the epoch: 0 is a time like others here.
void write_period(JsonObject& parent, std::int64_t start_ns, std::int64_t end_ns) {
    parent.text("start", timestamp(start_ns), kMaxTextCharacters);
    parent.text("end", timestamp(end_ns), kMaxTextCharacters);
    if (end_ns >= start_ns) parent.signed_number("duration", end_ns - start_ns);
}

// event.action of an alert is its policy's name of what happened.
std::string_view action(const Event& event) {
    return event.alert && !event.alert->policy_id.empty() ? std::string_view(event.alert->policy_id)
                                                          : model::to_string(event.action);
}

void write_event(JsonObject& root, const Event& event, std::uint64_t sequence, const ObserverInfo& observer) {
    const Classification& is = classification(event);
    JsonObject section(root, "event");
    section.text("id", event_id(event.topic(), sequence, observer), kMaxMessageCharacters);
    section.text("kind", is.kind, kMaxTextCharacters);
    write_keywords(section, "category", is.categories);
    write_keywords(section, "type", is.types);
    section.text("action", action(event), kMaxTextCharacters);
    section.text("module", "telltale", kMaxTextCharacters);
    section.text("dataset", model::to_string(event.dataset()), kMaxTextCharacters);
    section.number("sequence", sequence);
    write_time(section, "created", event.created_ns);
    if (event.transfer) write_period(section, event.transfer->start_ns, event.transfer->end_ns);
    if (event.alert) write_period(section, event.alert->first_seen_ns, event.alert->last_seen_ns);
    if (event.alert) {
        section.number("severity", base::index_of(event.alert->severity));
        section.number("risk_score", event.alert->risk_score);
        section.text("reason", event.alert->reason, kMaxMessageCharacters);
    }
    if (event.config_change) {
        section.text("outcome", event.config_change->error.empty() ? "success" : "failure", kMaxTextCharacters);
    }
}

// The same in every event.
std::string observer_json(const ObserverInfo& observer) {
    JsonOutput output;
    {
        JsonObject section(output);
        section.text("name", observer.name, kMaxTextCharacters);
        section.text("hostname", observer.hostname, kMaxTextCharacters);
        section.text("type", "sensor", kMaxTextCharacters);
        section.text("vendor", "Telltale", kMaxTextCharacters);
        section.text("product", "telltale", kMaxTextCharacters);
        section.text("version", observer.version, kMaxTextCharacters);
        JsonObject ingress(section, "ingress");
        JsonObject interface(ingress, "interface");
        interface.text("name", observer.ingress_interface, kMaxTextCharacters);
    }
    return std::string(output.writer.str());
}

}  // namespace

struct JsonFormat::State {
    ObserverInfo observer;
    std::string observer_section;
    JsonOutput output;
};

JsonFormat::JsonFormat(ObserverInfo observer) : state_(std::make_unique<State>()) {
    state_->observer_section = observer_json(observer);
    state_->observer = std::move(observer);
}
JsonFormat::~JsonFormat() = default;
JsonFormat::JsonFormat(JsonFormat&&) noexcept = default;
JsonFormat& JsonFormat::operator=(JsonFormat&&) noexcept = default;

void JsonFormat::render(const Event& event, std::uint64_t sequence, std::string& out) {
    JsonOutput& output = state_->output;
    const ObserverInfo& observer = state_->observer;
    output.writer.clear();
    {
        JsonObject root(output);
        root.text("@timestamp", timestamp(event.time_ns), kMaxTextCharacters);
        {
            JsonObject section(root, "ecs");
            section.text("version", kEcsVersion, kMaxTextCharacters);
        }
        root.text("message", model::sentence_of(event), kMaxMessageCharacters);
        write_event(root, event, sequence, observer);
        if (event.config_change) {
            JsonObject section(root, "error");
            section.text("message", event.config_change->error, kMaxMessageCharacters);
        }
        root.raw("observer", state_->observer_section);
        write_device(root, event);
        write_network(root, event);
        write_rule(root, event);
        write_related(root, event);
        write_telltale(root, event, observer);
    }
    out.append(output.writer.str());
}

std::string event_id(model::Topic topic, std::uint64_t sequence, const ObserverInfo& observer) {
    std::string id = observer.sensor_id;
    id += ':';
    id += observer.boot_id;
    id += ':';
    id += model::to_string(topic);
    id += ".v";
    id += kSchemaVersion;
    id += ':';
    id += std::to_string(sequence);
    return id;
}

}  // namespace telltale::ecs
