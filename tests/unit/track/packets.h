// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/model/packet_view.h"
#include "sensor/model/record.h"
#include "sensor/track/tracker.h"

namespace telltale::track::testing {

inline constexpr std::int64_t kStartNs = 1'700'000'040 * base::kSecondNs;  // a multiple of 60 s

// A packet as decode would give it; `at` numbers it and stamps it.
struct TestPacket {
    model::Frame frame;
    model::PacketView view;

    const model::PacketView& see() {
        view.frame = &frame;
        return view;
    }
    TestPacket& at(std::uint64_t frame_number, std::int64_t time_ns) {
        frame.order = model::Order::of_frame(frame_number);
        frame.timestamp_ns = time_ns;
        return *this;
    }
    TestPacket& flags(std::uint8_t value, std::uint32_t sequence = 0, std::uint32_t acknowledgement = 0) {
        view.tcp_flags = value;
        view.tcp_sequence = sequence;
        view.tcp_acknowledgement = acknowledgement;
        return *this;
    }
    TestPacket& payload(base::Bytes bytes, std::uint32_t wire_length = 0) {
        view.payload = bytes;
        view.payload_length = wire_length != 0 ? wire_length : static_cast<std::uint32_t>(bytes.size());
        return *this;
    }
};

// From 10.0.x.y of that number to 192.0.2.1, or back.
inline TestPacket packet(std::uint8_t protocol, std::uint32_t client, bool back = false, std::uint32_t length = 100) {
    const std::uint8_t a[4] = {10, 0, static_cast<std::uint8_t>(client >> 8), static_cast<std::uint8_t>(client)};
    const std::uint8_t b[4] = {192, 0, 2, 1};
    TestPacket made;
    model::PacketView& view = made.view;
    view.network = model::Network::ipv4;
    view.source = model::IpAddress::v4(back ? b : a);
    view.destination = model::IpAddress::v4(back ? a : b);
    view.source_mac.bytes = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(back ? 0xbb : 0xaa)};
    view.destination_mac.bytes = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(back ? 0xaa : 0xbb)};
    view.protocol = protocol;
    view.ttl = back ? 50 : 64;
    view.ip_length = length;
    view.payload_length = length - 40;
    view.has_ports = protocol == model::kProtocolTcp || protocol == model::kProtocolUdp;
    if (view.has_ports) {
        view.source_port = back ? 443 : 40000;
        view.destination_port = back ? 40000 : 443;
    }
    if (protocol == model::kProtocolTcp) view.tcp_flags = model::kTcpAck;
    return made;
}

// Records taken out of a buffer.
inline std::vector<model::RecordView> views(const std::vector<std::vector<std::uint8_t>>& records) {
    std::vector<model::RecordView> seen;
    for (const auto& record : records) seen.emplace_back(std::span<const std::uint8_t>(record));
    return seen;
}
inline void take(model::RecordBuffer& buffer, std::vector<std::vector<std::uint8_t>>& into) {
    buffer.for_each([&](std::span<std::uint8_t> record) { into.emplace_back(record.begin(), record.end()); });
    buffer.clear();
}

}  // namespace telltale::track::testing
