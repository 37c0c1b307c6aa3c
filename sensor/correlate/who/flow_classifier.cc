// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/flow_classifier.h"

#include <utility>

namespace telltale::correlate {
namespace {

constexpr std::uint16_t kFirstUnprivilegedPort = 1024;

bool is_foreign_unicast(const model::IpAddress& address, bool home) {
    return !home && address.specified() && !address.multicast();
}

// The sensor may have come in the middle of a connection: then a server's answer is what it sees first.
bool looks_like_answer(std::uint16_t from_port, std::uint16_t to_port) {
    return from_port != 0 && from_port < kFirstUnprivilegedPort && to_port >= kFirstUnprivilegedPort;
}

// No router passes such a frame on, so its source address is the sender's own (RFC 5771 section 4, RFC 4291
// section 2.7).
bool stays_on_link(const model::IpAddress& to, const model::MacAddress& to_mac) {
    static constexpr model::MacAddress kBroadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    if (to_mac == kBroadcast) return true;
    if (!to.multicast()) return false;
    if (!to.is_v4()) return (to.bytes[1] & 0x0f) <= 2;
    return to.bytes[12] == 255 || (to.bytes[12] == 224 && to.bytes[13] == 0 && to.bytes[14] == 0);
}

}  // namespace

FlowOpened FlowClassifier::classify(const model::RecordHeader& header) {
    FlowOpened flow;
    flow.key = header.key;
    flow.start_ns = header.time_ns;
    const model::Segment segment = header.key.segment;
    const model::Direction back = model::opposite(header.direction);
    Side from{header.source(), header.source_mac, header.source_port(), header.direction, false};
    Side to{header.destination(), header.destination_mac, header.destination_port(), back, false};
    from.home = home_.contains(segment, from.address);
    to.home = home_.contains(segment, to.address);
    if (learn(segment, from, to)) {
        from.home = home_.contains(segment, from.address);
        to.home = home_.contains(segment, to.address);
    }
    // A host without an address yet is ours.
    from.home = from.home || (!from.address.specified() && from.mac.known());

    const auto resolve = [&](const Side& side, DeviceTable::Create create) {
        return devices_.resolve(segment, side.mac, side.address, header.time_ns, create);
    };
    const bool to_many = to.address.multicast() || to.mac.multicast();
    if (to_many && from.home) {
        if (stays_on_link(to.address, to.mac)) devices_.bind(segment, from.mac, from.address, header.time_ns);
        account(flow, from, resolve(from, DeviceTable::Create::yes));
        flow.reach = Reach::multicast;
    } else if (to_many || (!from.home && !to.home)) {
        account(flow, from, kNoDevice);
        flow.reach = Reach::transit;
    } else if (from.home && to.home) {
        const bool answer = looks_like_answer(from.port, to.port);
        const Side& initiator = answer ? to : from;
        const Side& responder = answer ? from : to;
        // A scan must not fill the table with hosts that do not exist.
        account(flow, responder,
                resolve(responder, answer ? DeviceTable::Create::yes : DeviceTable::Create::known_address));
        account(flow, initiator, resolve(initiator, DeviceTable::Create::yes));
        flow.reach = Reach::internal;
    } else {
        const Side& ours = from.home ? from : to;
        account(flow, ours, resolve(ours, DeviceTable::Create::yes));
    }
    return flow;
}

// True if another prefix is home now.
bool FlowClassifier::learn(model::Segment segment, const Side& from, const Side& to) {
    if (from.address.is_v4() && is_foreign_unicast(from.address, from.home)) devices_.note_router(segment, from.mac);
    if (to.address.is_v4() && is_foreign_unicast(to.address, to.home)) devices_.note_router(segment, to.mac);
    if (!learn_ipv6_prefixes_ || from.address.is_v4()) return false;
    const auto learn_behind = [&](const Side& host, const Side& peer) {
        return is_foreign_unicast(host.address, host.home) && devices_.is_home_host(segment, host.mac) &&
               devices_.is_router(segment, peer.mac) && home_.learn_ipv6(segment, host.address);
    };
    const bool behind_to = learn_behind(from, to);
    return learn_behind(to, from) || behind_to;
}

void FlowClassifier::account(FlowOpened& flow, const Side& side, DeviceIndex device) {
    flow.devices[static_cast<std::size_t>(side.direction)] = device;
    flow.device = device;
    flow.device_mac = side.mac;
    flow.up = side.direction;
}

}  // namespace telltale::correlate
