// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/json_format.h"

// GCC follows RapidJSON's schema code into branches that are never taken.
// It warns when inlining, so this is for the whole file.
#pragma GCC diagnostic ignored "-Wnull-dereference"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <fstream>
#include <limits>
#include <memory>
#include <sstream>

#include "tests/unit/exporters/event_json.h"
#include "tests/unit/exporters/sample_events.h"

namespace telltale::ecs {
namespace {

using rapidjson::Document;
using rapidjson::Value;
using testing::HasSubstr;
using testing::Not;

std::string schema_text(const std::string& name) {
    std::ifstream file(std::string(TELLTALE_SOURCE_DIR) + "/exporters/ecs/schema/" + name);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return text.str();
}

// A dataset's schema with the common parts inside: RapidJSON 1.1 asks for other documents by a name that lacks its end.
Document whole_schema(const std::string& name) {
    static constexpr std::string_view kReference = "common.json#";
    std::string text = schema_text(name);
    for (std::size_t at = 0; (at = text.find(kReference, at)) != std::string::npos;) {
        text.replace(at, kReference.size(), "#");
    }
    Document schema = parsed(text);
    const Document common = parsed(schema_text("common.json"));
    schema.AddMember("definitions", Value(common["definitions"], schema.GetAllocator()), schema.GetAllocator());
    return schema;
}

// Where the event breaks its dataset's schema; empty: nowhere.
std::string schema_error(const model::Event& event) {
    constexpr std::string_view kPrefix = "telltale.";
    const std::string name(model::to_string(event.dataset()).substr(kPrefix.size()));
    const Document document = whole_schema(name + ".json");
    const rapidjson::SchemaDocument schema(document);
    rapidjson::SchemaValidator validator(schema);
    const Document json = parsed(json_of(event));
    if (json.Accept(validator)) return {};
    rapidjson::StringBuffer place;
    validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
    return std::string(place.GetString()) + " breaks " + validator.GetInvalidSchemaKeyword() + " in " + json_of(event);
}

TEST(JsonFormat, EveryDatasetKeepsItsSchema) {
    for (const model::Event& event : samples::all_datasets()) EXPECT_EQ(schema_error(event), "");
    for (const model::Event& event : samples::least_of_all_datasets()) EXPECT_EQ(schema_error(event), "");
}

TEST(JsonFormat, EveryMethodAndCauseKeepsTheSchema) {
    for (model::Event event : samples::all_datasets()) {
        if (!event.destination) continue;
        for (const auto method : base::enumerators<model::AttributionMethod>()) {
            event.destination.edit().method = method;
            EXPECT_EQ(schema_error(event), "");
        }
        for (const auto cause : base::enumerators<model::UnattributedCause>()) {
            event.destination.edit().cause = cause;
            if (event.transfer && cause != model::UnattributedCause::none) {
                event.transfer.edit().unattributed = {{cause, 1, 1}};
            }
            EXPECT_EQ(schema_error(event), "");
        }
    }
}

TEST(JsonFormat, EveryAlertStateAndSeverityKeepsTheSchema) {
    for (const auto state : base::enumerators<model::AlertState>()) {
        for (const auto severity : base::enumerators<model::Severity>()) {
            model::Event event = samples::alert_event();
            event.alert.edit().state = state;
            event.alert.edit().severity = severity;
            EXPECT_EQ(schema_error(event), "");
        }
    }
}

TEST(JsonFormat, EveryIdentifierAndLocationKeepsTheSchema) {
    model::Event event = samples::leak_event();
    for (const auto type : base::enumerators<model::IdentifierType>()) {
        event.leak.edit().type = type;
        EXPECT_EQ(schema_error(event), "");
    }
    for (const auto location : base::enumerators<model::LeakLocation>()) {
        event.leak.edit().location = location;
        EXPECT_EQ(schema_error(event), "");
    }
}

// Readers must not wait for events that the sensor does not make yet.
TEST(JsonFormat, LeaksArePlanned) {
    const Document schema = parsed(schema_text("leak.json"));
    EXPECT_EQ(std::string(schema["description"].GetString()), "planned: the sensor makes no such events yet");
    EXPECT_THAT(schema_text("../../README.md"), HasSubstr("| telltale.leak (planned: the sensor makes none yet) |"));
}

TEST(JsonFormat, ACaptureMayBeginWithTheEpoch) {
    for (model::Event event : samples::all_datasets()) {
        if (!event.transfer) continue;
        model::Transfer transfer = *event.transfer;
        transfer.start_ns = 0;
        transfer.end_ns = 60'000'000'000;
        event.transfer = transfer;
        EXPECT_EQ(schema_error(event), "");
        EXPECT_THAT(json_of(event), HasSubstr(R"("start":"1970-01-01T00:00:00.000000Z")"));
        EXPECT_THAT(json_of(event), HasSubstr(R"("duration":60000000000)"));
    }
}

TEST(JsonFormat, TheSchemaCanFail) {
    model::Event event = samples::alert_event();
    event.device.edit().confidence = 2;
    EXPECT_THAT(schema_error(event), HasSubstr("#/telltale/device/confidence breaks maximum"));
    event = samples::device_event();
    event.device.edit().id.clear();
    EXPECT_THAT(schema_error(event), HasSubstr("breaks required"));
    event = samples::health_event();
    event.device = samples::device();
    EXPECT_THAT(schema_error(event), HasSubstr("breaks additionalProperties"));
}

struct Expected {
    const char* pointer;
    const char* json;
};

void expect_values(const model::Event& event, std::initializer_list<Expected> expected) {
    const Document json = parsed(json_of(event));
    for (const Expected& value : expected) EXPECT_EQ(at(json, value.pointer), value.json) << value.pointer;
}

TEST(JsonFormat, WritesTheContractsValues) {
    expect_values(samples::device_event(), {{"/@timestamp", R"("2014-06-30T22:15:02.000123Z")"},
                                            {"/event/id", R"("s1:b7:device.v1:1")"},
                                            {"/event/kind", R"("event")"},
                                            {"/event/category", R"(["host"])"},
                                            {"/event/action", R"("device-identified")"},
                                            {"/event/dataset", R"("telltale.device")"},
                                            {"/host/mac", R"(["64-CC-2E-0A-00-01"])"},
                                            {"/host/ip", R"(["192.168.1.20","fe80::1"])"},
                                            {"/telltale/device/evidence/0/signature/id", R"("mac-xiaomi")"},
                                            {"/telltale/device/evidence/1/signature", "absent"}});
    expect_values(samples::destination_event(), {{"/network/transport", R"("tcp")"},
                                                 {"/network/protocol", R"("tls")"},
                                                 {"/network/direction", R"("outbound")"},
                                                 {"/telltale/owner/country", R"("CN")"},
                                                 {"/destination/geo/country_iso_code", R"("SG")"},
                                                 {"/telltale/tls/ech", "true"},
                                                 {"/telltale/device/evidence", "absent"}});
    expect_values(samples::transfer_event(), {{"/event/duration", "60000000000"},
                                              {"/source/bytes", "1200"},
                                              {"/destination/bytes", "-3400"},
                                              {"/network/bytes", "-2200"},
                                              {"/telltale/owner/cause", R"("hidden_name")"},
                                              {"/related/hosts/0", R"("HM-1S")"},
                                              {"/related/hosts/3", R"("b.example")"},
                                              {"/telltale/transfer/late", "true"}});
    expect_values(samples::alert_event(), {{"/event/action", R"("maker-telemetry")"},
                                           {"/event/category", R"(["intrusion_detection","network"])"},
                                           {"/event/severity", "2"},
                                           {"/rule/id", R"("maker-telemetry")"},
                                           {"/telltale/alert/count", "7"}});
    expect_values(samples::leak_event(), {{"/event/id", R"("s1:b7:alert.v1:1")"},
                                          {"/event/dataset", R"("telltale.leak")"},
                                          {"/event/action", R"("identifier-leak")"},
                                          {"/rule/id", R"("imei-in-clear")"},
                                          {"/url/path", R"("/pass/serviceLogin")"},
                                          {"/telltale/leak/identifier/masked", R"("86*********0123")"},
                                          {"/telltale/leak/count", "2"}});
    expect_values(samples::health_event(), {{"/telltale/health/packets_analysed", "12"}, {"/host", "absent"}});
    expect_values(samples::config_event(), {{"/event/id", R"("s1:b7:health.v1:1")"},
                                            {"/event/dataset", R"("telltale.config")"},
                                            {"/event/action", R"("reload-rejected")"},
                                            {"/event/outcome", R"("failure")"},
                                            {"/error/message", R"("c.yaml:3: unknown key 'x'")"},
                                            {"/telltale/config/needs_restart", R"(["workers"])"}});
}

TEST(JsonFormat, SameEventSameIdOtherBootOtherId) {
    ObserverInfo other = samples::observer();
    EXPECT_EQ(event_id(model::Topic::device, 1, other), event_id(model::Topic::device, 1, samples::observer()));
    other.boot_id = "b8";
    EXPECT_NE(event_id(model::Topic::device, 1, other), event_id(model::Topic::device, 1, samples::observer()));
}

TEST(JsonFormat, AppendsAndCanBeUsedAgain) {
    JsonFormat format(samples::observer());
    std::string out = "before";
    format.render(samples::health_event(), 1, out);
    EXPECT_EQ(out, "before" + json_of(samples::health_event()));
    out.clear();
    format.render(samples::device_event(), 1, out);
    EXPECT_EQ(out, json_of(samples::device_event()));
}

}  // namespace
}  // namespace telltale::ecs
