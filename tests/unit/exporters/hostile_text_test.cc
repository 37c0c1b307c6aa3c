// SPDX-License-Identifier: Apache-2.0
// Text from outside in events: nothing that a configuration, a signature or a packet says can break or forge one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

#include "tests/unit/exporters/event_json.h"

namespace telltale::ecs {
namespace {

using rapidjson::Document;
using rapidjson::Value;
using testing::HasSubstr;
using testing::Not;

TEST(JsonFormat, HostileTextCannotForgeOrBreakALine) {
    model::Event event = samples::alert_event();
    event.message = std::string("a\n{\"forged\":1}\x1b[31m\0z\xff", 22);
    event.device.edit().host_name = std::string(4000, 'x');
    event.device.edit().model = "\xed\xa0\x80\"\\\x7f";
    event.destination.edit().domain = "\xe2\x80\xae";
    event.device.edit().confidence = std::numeric_limits<double>::quiet_NaN();
    const std::string json = json_of(event);
    for (const char c : json) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f) << json;
    const Document document = parsed(json);
    EXPECT_THAT(document["message"].GetString(), HasSubstr("a\n{\"forged\":1}"));
    EXPECT_EQ(document["host"]["name"].GetStringLength(), 254U + 3U) << "254 characters and an ellipsis of three bytes";
    EXPECT_EQ(at(document, "/telltale/device/confidence"), "absent");
    EXPECT_THAT(json, Not(HasSubstr("\xe2\x80\xae")));
}

// Whatever a configuration, a signature or a packet calls a thing.
constexpr std::string_view kHostile = "x\"],}\\\n\x1b\xff:";

template <typename... Texts>
void make_hostile(Texts&... texts) {
    ((texts = kHostile), ...);
}

void make_hostile(model::DeviceView& part) {
    make_hostile(part.id, part.host_name, part.maker_id, part.maker_name, part.model, part.os, part.os_version,
                 part.device_class);
    for (model::Evidence& evidence : part.evidence)
        make_hostile(evidence.source, evidence.value, evidence.signature_id);
}
void make_hostile(model::DestinationView& part) {
    make_hostile(part.domain, part.registered_domain, part.owner_id, part.owner_name, part.owner_country,
                 part.signature_id, part.category);
    if (part.hosting) make_hostile(part.hosting->as_organization, part.hosting->country);
}
void make_hostile(model::FlowView& part) {
    make_hostile(part.application, part.community_id, part.server_name, part.ja3, part.ja4);
}
void make_hostile(model::Transfer& part) {
    for (std::string& domain : part.domains) make_hostile(domain);
    for (std::string& protocol : part.protocols) make_hostile(protocol);
}
void make_hostile(model::Alert& part) {
    make_hostile(part.id, part.policy_id, part.policy_name, part.description, part.reason);
}
void make_hostile(model::Leak& part) {
    make_hostile(part.rule_id, part.rule_name, part.hash, part.masked, part.parameter, part.domain, part.path);
}
void make_hostile(model::Health& part) {
    for (auto& [name, value] : part.figures) name += kHostile;
}
void make_hostile(model::ConfigChange& part) {
    make_hostile(part.error);
    for (std::string& key : part.applied) make_hostile(key);
    for (std::string& key : part.needs_restart) make_hostile(key);
}

// Words of closed lists, notations and what the sensor says by itself. Everything else comes from outside.
bool is_our_own(const std::string& path) {
    static const std::set<std::string> kOwn = {"@timestamp",
                                               "ecs.version",
                                               "event.kind",
                                               "event.category",
                                               "event.type",
                                               "event.action",
                                               "event.module",
                                               "event.dataset",
                                               "event.created",
                                               "event.start",
                                               "event.end",
                                               "event.outcome",
                                               "observer.type",
                                               "observer.vendor",
                                               "observer.product",
                                               "host.ip",
                                               "host.mac",
                                               "source.ip",
                                               "source.mac",
                                               "destination.ip",
                                               "network.type",
                                               "network.transport",
                                               "network.iana_number",
                                               "network.direction",
                                               "related.ip",
                                               "telltale.schema",
                                               "telltale.device.first_seen",
                                               "telltale.device.last_seen",
                                               "telltale.device.evidence.seen",
                                               "telltale.owner.method",
                                               "telltale.owner.cause",
                                               "telltale.transfer.unattributed.cause",
                                               "telltale.alert.state",
                                               "telltale.alert.first_seen",
                                               "telltale.alert.last_seen",
                                               "telltale.leak.identifier.type",
                                               "telltale.leak.location"};
    return kOwn.contains(path);
}

TEST(JsonFormat, NoNameFromOutsideBreaksAnyEvent) {
    ObserverInfo observer;
    make_hostile(observer.sensor_id, observer.boot_id, observer.name, observer.hostname, observer.version,
                 observer.ingress_interface, observer.signatures_version);
    JsonFormat format(observer);
    for (model::Event event : samples::all_datasets()) {
        make_hostile(event.message);
        model::for_each_part(event, [](auto& part) {
            if (part) make_hostile(part.edit());
        });
        std::string json;
        format.render(event, 1, json);
        const Document document = parsed(json);
        for_each_leaf(document, "", false, [&](const std::string& path, const Value& value, bool) {
            if (!value.IsString() || is_our_own(path)) return;
            EXPECT_THAT(value.GetString(), HasSubstr("x\"],}\\\n\x1b\uFFFD:")) << path << " was not tried";
        });
        if (!event.health) continue;
        EXPECT_TRUE(document["telltale"]["health"].HasMember("events_droppedx\"],}\\\n\x1b\uFFFD:"));
    }
}

}  // namespace
}  // namespace telltale::ecs
