// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/fixed_parts.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "exporters/ecs/event_writer.h"
#include "exporters/ecs/notation.h"
#include "sensor/model/schema_version.h"

namespace telltale::ecs {
namespace {

// Returns the members that `write(object)` writes into an object, without the last `open` characters.
template <typename Write>
std::string members(Write&& write, std::size_t open = 0) {
    EventWriter writer;
    {
        JsonObject object(writer);
        write(object);
    }
    const std::string_view json = writer.str();
    std::string inside(json.substr(1, json.size() - 2));
    inside += ',';
    inside.resize(inside.size() - open);
    return inside;
}

void write_keywords(JsonObject& object, const json::Key& name, std::span<const std::string_view> words) {
    std::vector<std::string_view> present;
    std::copy_if(words.begin(), words.end(), std::back_inserter(present), [](auto word) { return !word.empty(); });
    object.texts(name, present);
}

std::string observer_members(const ObserverInfo& info) {
    return members([&](JsonObject& root) {
        JsonObject observer(root, "observer"_key);
        observer.text("name"_key, info.name);
        observer.text("hostname"_key, info.hostname);
        observer.text("type"_key, "sensor");
        observer.text("vendor"_key, "Telltale");
        observer.text("product"_key, "telltale");
        observer.text("version"_key, info.version);
        JsonObject ingress(observer, "ingress"_key);
        JsonObject interface(ingress, "interface"_key);
        interface.text("name"_key, info.ingress_interface);
    });
}

std::string telltale_opening(const ObserverInfo& info) {
    const auto write = [&](JsonObject& root) {
        JsonObject telltale(root, "telltale"_key);
        telltale.text("schema"_key, model::kSchemaVersion);
        {
            JsonObject sensor(telltale, "sensor"_key);
            sensor.text("id"_key, info.sensor_id);
            sensor.text("boot_id"_key, info.boot_id);
        }
        JsonObject signatures(telltale, "signatures"_key);
        signatures.text("version"_key, info.signatures_version);
        signatures.number("generation"_key, 0);
    };
    return members(write, std::string_view("0}},").size());
}

FixedParts::EventPart event_part(model::EventAction action, const ObserverInfo& info) {
    const Classification& is = classification(action);
    const model::Dataset dataset = model::kDatasetOf[action];
    const auto write_opening = [&](JsonObject& root) {
        JsonObject(root, "event"_key)
            .text("id"_key, event_id_prefix(model::kTopicOf[dataset], info), kMaxMessageCharacters);
    };
    const auto write_classes = [&](JsonObject& object) {
        object.text("kind"_key, is.kind);
        write_keywords(object, "category"_key, is.categories);
        write_keywords(object, "type"_key, is.types);
    };
    const auto write_origin = [&](JsonObject& object) {
        object.text("module"_key, "telltale");
        object.text("dataset"_key, model::to_string(dataset));
    };
    return {members(write_opening, std::string_view("\"},").size()), "\"," + members(write_classes),
            members(write_origin)};
}

}  // namespace

FixedParts::FixedParts(const ObserverInfo& observer)
    : ecs_(members([](JsonObject& root) { JsonObject(root, "ecs"_key).text("version"_key, kEcsVersion); })),
      observer_(observer_members(observer)),
      before_generation_(telltale_opening(observer)) {
    for (const auto action : base::enumerators<model::EventAction>()) events_[action] = event_part(action, observer);
}

}  // namespace telltale::ecs
