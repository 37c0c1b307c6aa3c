// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/sentence.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "sensor/model/address_text.h"
#include "sensor/model/readable.h"

namespace telltale::model {
namespace {

void append_label(std::string& out, const DeviceView& device) {
    if (!device.host_name.empty()) return append_readable(out, device.host_name);
    if (!device.model.empty()) {
        append_readable(out, device.model);
        out += ' ';
    }
    // The newest IPv4 address says most to a person.
    const auto v4 = std::find_if(device.addresses.rbegin(), device.addresses.rend(),
                                 [](const IpAddress& address) { return address.is_v4(); });
    if (v4 != device.addresses.rend()) {
        append(out, *v4);
    } else if (!device.addresses.empty()) {
        append(out, device.addresses.back());
    } else if (!device.macs.empty()) {
        append(out, device.macs.front());
    }
}

void append_label(std::string& out, const SharedPart<DeviceView>& device) {
    if (device) return append_label(out, *device);
    out += "a host that is not ours";
}

void append_label(std::string& out, const DestinationView& destination) {
    if (destination.domain.empty()) {
        append(out, destination.address);
    } else {
        append_readable(out, destination.domain);
    }
    if (destination.owner_id == kOwnerUnattributed) {
        out += " (owner not known: ";
        out += kCauseInWords[destination.cause];
        out += ')';
        return;
    }
    out += " (";
    append_readable(out, destination.owner_name);
    if (!destination.owner_country.empty()) {
        out += ", ";
        append_readable(out, destination.owner_country);
    }
    out += ')';
}

// "Xiaomi, Redmi 1S, android 4.3, phone, confidence 0.93"; empty if nothing is known.
std::string identity_of(const DeviceView& device) {
    std::string out;
    auto add = [&out](const std::string& text) {
        if (text.empty()) return;
        if (!out.empty()) out += ", ";
        append_readable(out, text);
    };
    add(device.maker_name);
    add(device.model);
    add(device.os_version.empty() ? device.os : device.os + " " + device.os_version);
    add(device.device_class);
    if (!out.empty()) add("confidence " + readable(device.identity_confidence));
    return out;
}

void append_first_seen(std::string& out, const Event& event) {
    if (!event.device) return;
    const DeviceView& device = *event.device;
    out += "New device ";
    append_label(out, device);
    if (device.mac_randomized) out += " with a private MAC address";
    const std::string known = identity_of(device);
    if (!known.empty()) out.append(" (").append(known).append(")");
}

void append_identified(std::string& out, const Event& event) {
    if (!event.device) return;
    const DeviceView& device = *event.device;
    append_label(out, device);
    out += " is identified: ";
    out += identity_of(device);
}

void append_first_contact(std::string& out, const Event& event) {
    if (!event.destination) return;
    const DestinationView& to = *event.destination;
    append_label(out, event.device);
    out += " contacts ";
    append_label(out, to);
    if (to.owner_id == kOwnerUnattributed) return;
    out += ", category ";
    append_readable(out, to.category);
    out += ", known by ";
    out += kMethodInWords[to.method];
}

// Deltas can be negative.
void append_bytes(std::string& out, std::uint64_t value) {
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, static_cast<std::int64_t>(value)).ptr);
}

void append_leak(std::string& out, const Event& event) {
    if (!event.destination || !event.leak) return;
    append_label(out, event.device);
    out += " sent its ";
    out += kIdentifierInWords[event.leak->type];
    out += " in clear to ";
    append_label(out, *event.destination);
}

void append_transfer(std::string& out, const Event& event) {
    if (!event.destination || !event.transfer) return;
    const DestinationView& to = *event.destination;
    append_label(out, event.device);
    out += " sent ";
    append_bytes(out, event.transfer->bytes_up);
    out += " bytes to ";
    append_readable(out, to.owner_name);
    if (!is_reserved_owner(to.owner_id)) {
        out += " (";
        append_readable(out, to.category);
        out += ')';
    }
    out += " and got ";
    append_bytes(out, event.transfer->bytes_down);
    if (event.transfer->late) out += " (corrects what was reported as unattributed)";
}

}  // namespace

std::string label_of(const DeviceView& device) {
    std::string out;
    append_label(out, device);
    return out;
}

std::string label_of(const DestinationView& destination) {
    std::string out;
    append_label(out, destination);
    return out;
}

void append_sentence(std::string& out, const Event& event) {
    if (!event.message.empty()) {
        out += event.message;
        return;
    }
    switch (event.action) {
        case EventAction::device_first_seen: return append_first_seen(out, event);
        case EventAction::device_identified: return append_identified(out, event);
        case EventAction::destination_first_contact: return append_first_contact(out, event);
        case EventAction::transfer_summary: return append_transfer(out, event);
        case EventAction::identifier_leak: return append_leak(out, event);
        case EventAction::device_changed:
        case EventAction::policy_alert:
        case EventAction::sensor_health:
        case EventAction::clock_stepped:
        case EventAction::config_reloaded:
        case EventAction::reload_rejected: return;  // they bring their message
    }
}

}  // namespace telltale::model
