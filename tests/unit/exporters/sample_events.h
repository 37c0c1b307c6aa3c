// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "exporters/ecs/json_format.h"
#include "sensor/model/event.h"

// An event of every dataset with every field set, for the exporters' tests.
namespace telltale::samples {

inline constexpr std::int64_t kTime = 1'404'166'502'000'123'456;  // 2014-06-30T22:15:02.000123456Z

inline ecs::ObserverInfo observer() { return {"s1", "b7", "tap-hall", "sensor1", "0.1.0", "eth1", "2026.1"}; }

inline model::DeviceView device() {
    model::DeviceView device;
    device.id = "a1b2";
    device.addresses = {*model::parse_ip("192.168.1.20"), *model::parse_ip("fe80::1")};
    device.macs = {*model::parse_mac("64:cc:2e:0a:00:01")};
    device.host_name = "HM-1S";
    device.maker_id = "xiaomi";
    device.maker_name = "Xiaomi";
    device.model = "Redmi 1S";
    device.os = "android";
    device.os_version = "4.3";
    device.device_class = "phone";
    device.confidence = 0.95;
    device.evidence = {{"mac_prefix", "64:cc:2e", 0.6, "mac-xiaomi", kTime}, {"user_agent", "Dalvik", 0.9, "", kTime}};
    device.first_seen_ns = kTime;
    return device;
}

inline model::DestinationView destination() {
    model::DestinationView to;
    to.address = *model::parse_ip("203.0.113.9");
    to.port = 443;
    to.domain = "api.account.example";
    to.registered_domain = "account.example";
    to.owner_id = "xiaomi";
    to.owner_name = "Xiaomi";
    to.owner_country = "CN";
    to.method = model::AttributionMethod::tls_server_name;
    to.confidence = 0.9;
    to.signature_id = "xiaomi-account";
    to.category = "account";
    to.hosting = model::Hosting{64500, "Example Cloud", "SG"};
    return to;
}

inline model::FlowView flow() {
    model::FlowView flow;
    flow.source = *model::parse_ip("192.168.1.20");
    flow.source_port = 50'000;
    flow.source_mac = *model::parse_mac("64:cc:2e:0a:00:01");
    flow.protocol = 6;
    flow.application = "TLS";
    flow.community_id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";
    flow.server_name = "api.account.example";
    flow.ja3 = "6fa3244afc6bb6f9fad207b6b52af26b";
    flow.ja4 = "t13d2613h2_2802a3db6c62_845d286b0d67";
    flow.ech = true;
    return flow;
}

// The first action whose events go to this topic.
inline model::EventAction action_of(model::Topic topic) {
    for (const auto action : base::enumerators<model::EventAction>()) {
        if (model::kTopicOf[model::kDatasetOf[action]] == topic) return action;
    }
    return model::EventAction::sensor_health;
}

inline model::Event event_base(model::EventAction action) {
    model::Event event;
    event.action = action;
    event.time_ns = kTime;
    event.created_ns = kTime + 5'000;
    event.message = "HM-1S did something";
    event.generation = 3;
    return event;
}

inline model::Event device_event() {
    model::Event event = event_base(model::EventAction::device_identified);
    event.device = device();
    event.device_last_seen_ns = kTime + 1'000'000'000;
    return event;
}

inline model::Event destination_event() {
    model::Event event = event_base(model::EventAction::destination_first_contact);
    event.device = device();
    event.device_last_seen_ns = kTime + 1'000'000'000;
    event.destination = destination();
    event.flow = flow();
    return event;
}

inline model::Event transfer_event() {
    model::Event event = event_base(model::EventAction::transfer_summary);
    event.device = device();
    event.device_last_seen_ns = kTime + 1'000'000'000;
    event.destination = destination();
    event.destination.edit().owner_id = "unattributed";
    event.destination.edit().cause = model::UnattributedCause::hidden_name;
    model::Transfer transfer;
    transfer.start_ns = kTime - 60'000'000'000;
    transfer.end_ns = kTime;
    transfer.bytes_up = 1200;
    transfer.bytes_down = static_cast<std::uint64_t>(-3400);
    transfer.packets_up = 10;
    transfer.packets_down = static_cast<std::uint64_t>(-20);
    transfer.flows = 2;
    transfer.cleartext_bytes = 100;
    transfer.ech_flows = 1;
    transfer.domains = {"a.example", "b.example"};
    transfer.protocols = {"http", "tls"};
    transfer.unattributed = {{model::UnattributedCause::hidden_name, 4600, 2}};
    transfer.late = true;
    event.transfer = transfer;
    return event;
}

inline model::Event alert_event() {
    model::Event event = event_base(model::EventAction::policy_alert);
    event.device = device();
    event.device_last_seen_ns = kTime + 1'000'000'000;
    event.destination = destination();
    event.flow = flow();
    event.alert = model::Alert{"al-1",
                               "maker-telemetry",
                               "Telemetry to the maker",
                               "Why this is asked",
                               "It sent telemetry",
                               model::Severity::medium,
                               40,
                               model::AlertState::open,
                               7,
                               1,
                               kTime,
                               kTime + 90'000};
    return event;
}

inline model::Event leak_event() {
    model::Event event = event_base(model::EventAction::identifier_leak);
    event.device = device();
    event.device_last_seen_ns = kTime + 1'000'000'000;
    event.destination = destination();
    event.flow = flow();
    model::Leak leak;
    leak.rule_id = "imei-in-clear";
    leak.rule_name = "IMEI in clear";
    leak.type = model::IdentifierType::imei;
    leak.hash = "9f2c";
    leak.masked = "86*********0123";
    leak.location = model::LeakLocation::query;
    leak.parameter = "imei";
    leak.domain = "api.account.example";
    leak.path = "/pass/serviceLogin";
    leak.count = 2;
    event.leak = leak;
    return event;
}

inline model::Event health_event() {
    model::Event event = event_base(model::EventAction::sensor_health);
    event.health = model::Health{{{"packets_analysed", 12}, {"events_dropped", 0}}};
    return event;
}

inline model::Event config_event() {
    model::Event event = event_base(model::EventAction::reload_rejected);
    event.config_change = model::ConfigChange{"c.yaml:3: unknown key 'x'", {"service.log_level"}, {"workers"}};
    return event;
}

inline std::vector<model::Event> all_datasets() {
    return {device_event(), destination_event(), transfer_event(), alert_event(),
            health_event(), config_event(),      leak_event()};
}

// The least that an event of each dataset can hold.
inline std::vector<model::Event> least_of_all_datasets() {
    std::vector<model::Event> events = all_datasets();
    model::DeviceView bare;
    bare.id = "a1b2";
    model::DestinationView nowhere;
    nowhere.owner_id = "transit";
    nowhere.address = *model::parse_ip("::1");
    for (model::Event& event : events) {
        event.message.clear();
        event.created_ns = 0;
        if (event.flow) {
            event.flow = model::FlowView{};
            event.flow.edit().source = *model::parse_ip("10.0.0.1");
            event.flow.edit().protocol = 253;
        }
        if (event.device) event.device = bare;
        if (event.destination) event.destination = nowhere;
    }
    events[2].device.reset();
    events[2].transfer.edit().domains.clear();
    events[2].transfer.edit().protocols.clear();
    events[2].transfer.edit().unattributed.clear();
    events[3].alert.edit().policy_name.clear();
    events[3].alert.edit().description.clear();
    events[3].alert.edit().reason.clear();
    events[4].health.reset();
    events[5].config_change = model::ConfigChange{};
    return events;
}

}  // namespace telltale::samples
