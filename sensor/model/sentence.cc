// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/sentence.h"

#include <algorithm>
#include <cstdint>

#include "sensor/model/readable.h"

namespace telltale::model {
namespace {

std::string label_of(const SharedPart<DeviceView>& device) {
    return device ? label_of(*device) : "a host that is not ours";
}

// "Xiaomi, Redmi 1S, android 4.3, phone, confidence 0.93"; empty when nothing is known.
std::string identity_of(const DeviceView& device) {
    std::string out;
    auto add = [&out](const std::string& text) {
        if (text.empty()) return;
        if (!out.empty()) out += ", ";
        out += readable(text);
    };
    add(device.maker_name);
    add(device.model);
    add(device.os_version.empty() ? device.os : device.os + " " + device.os_version);
    add(device.device_class);
    if (!out.empty()) add("confidence " + readable(device.identity_confidence));
    return out;
}

std::string first_seen(const DeviceView& device) {
    const std::string known = identity_of(device);
    std::string out = "New device " + label_of(device);
    if (device.mac_randomized) out += " with a private MAC address";
    return known.empty() ? out : out + " (" + known + ")";
}

std::string first_contact(const Event& event) {
    const DestinationView& to = *event.destination;
    std::string out = label_of(event.device) + " contacts " + label_of(to);
    if (to.owner_id == kOwnerUnattributed) return out;
    return out + ", category " + readable(to.category) + ", known by " + std::string(kMethodInWords[to.method]);
}

std::string transfer(const Event& event) {
    const auto figure = [](std::uint64_t value) { return std::to_string(static_cast<std::int64_t>(value)); };
    const DestinationView& to = *event.destination;
    std::string out =
        label_of(event.device) + " sent " + figure(event.transfer->bytes_up) + " bytes to " + readable(to.owner_name);
    if (!is_reserved_owner(to.owner_id)) out += " (" + readable(to.category) + ")";
    out += " and got " + figure(event.transfer->bytes_down);
    return event.transfer->late ? out + " (corrects what was reported as unattributed)" : out;
}

}  // namespace

std::string label_of(const DeviceView& device) {
    if (!device.host_name.empty()) return readable(device.host_name);
    // The newest IPv4 address says most to a person.
    const auto v4 = std::find_if(device.addresses.rbegin(), device.addresses.rend(),
                                 [](const IpAddress& address) { return address.is_v4(); });
    std::string where;
    if (v4 != device.addresses.rend()) {
        where = to_string(*v4);
    } else if (!device.addresses.empty()) {
        where = to_string(device.addresses.back());
    } else if (!device.macs.empty()) {
        where = to_string(device.macs.front());
    }
    return device.model.empty() ? where : readable(device.model) + " " + where;
}

std::string label_of(const DestinationView& destination) {
    std::string out = destination.domain.empty() ? to_string(destination.address) : readable(destination.domain);
    if (destination.owner_id == kOwnerUnattributed) {
        return out + " (owner not known: " + std::string(kCauseInWords[destination.cause]) + ")";
    }
    out += " (" + readable(destination.owner_name);
    if (!destination.owner_country.empty()) out += ", " + readable(destination.owner_country);
    return out + ")";
}

std::string sentence_of(const Event& event) {
    if (!event.message.empty()) return event.message;
    switch (event.action) {
        case EventAction::device_first_seen: return event.device ? first_seen(*event.device) : std::string();
        case EventAction::device_identified:
            return event.device ? label_of(*event.device) + " is identified: " + identity_of(*event.device)
                                : std::string();
        case EventAction::destination_first_contact: return event.destination ? first_contact(event) : std::string();
        case EventAction::transfer_summary:
            return event.destination && event.transfer ? transfer(event) : std::string();
        case EventAction::device_changed:
        case EventAction::policy_alert:
        case EventAction::sensor_health:
        case EventAction::config_reloaded:
        case EventAction::reload_rejected: break;  // they bring their message
    }
    return {};
}

}  // namespace telltale::model
