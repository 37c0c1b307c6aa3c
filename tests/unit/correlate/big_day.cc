// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/correlate/big_day.h"

#include <cstdint>
#include <string>

namespace telltale::correlate::testing {
namespace {

constexpr const char* kRouter = "00:11:22:00:00:01";
constexpr const char* kNames[] = {
    "api.account.xiaomi.com", "tracking.miui.com", "www.google.com", "dns.google", "example.org", "cloudflare-ech.com"};
constexpr const char* kAgents[] = {"Dalvik/1.6.0 (Linux; U; Android 4.3; Redmi 1S Build/JLS36C)",
                                   "Mozilla/5.0 (Windows NT 10.0)", "curl/7.88"};
constexpr const char* kVendors[] = {"android-dhcp-9", "MSFT 5.0", "dhcpcd"};

std::string mac_of(unsigned device) {
    const model::MacAddress address{
        {0x0c, 0x1d, 0xaf, 0, static_cast<std::uint8_t>(device >> 8 & 0xff), static_cast<std::uint8_t>(device & 0xff)}};
    return model::to_string(address);
}

}  // namespace

// The high bits of a linear congruential generator (Knuth, MMIX).
unsigned BigDay::pick(unsigned n) {
    random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<unsigned>((random_ >> 33) % n);
}

std::string BigDay::address(unsigned device) {
    const auto found = moved_.find(device);
    const unsigned now = found == moved_.end() ? device : found->second;
    return "192.168." + std::to_string(2 + now / 200) + "." + std::to_string(10 + now % 200);
}

void BigDay::play(RecordFeed& feed, unsigned first, unsigned last) {
    constexpr unsigned kMinute = 60;
    for (unsigned second = first; second < last; ++second) {
        if (second % kMinute == 0 && second != first) feed.close_interval(second);
        feed.at(second);
        for (int i = 0; i < 10; ++i) step(feed);
    }
}

void BigDay::step(RecordFeed& feed) {
    const unsigned device = pick(kDevices);
    const unsigned action = pick(12);
    if (action < 3 || open_.empty()) return open_flow(feed);
    if (action == 3) return lease(feed, device);
    if (action == 4) return feed.arp(address(device), mac_of(device));
    if (action == 5) {
        const std::string peer = "203.0.113." + std::to_string(1 + pick(20));
        feed.resolve(address(device), mac_of(device), kNames[pick(6)], {{peer}, {"2001:db8::7", 600}});
        bytes_ += 180;
        return;
    }
    const std::size_t flow = pick(static_cast<unsigned>(open_.size()));
    if (action < 9) return speak(feed, open_[flow]);
    count(feed, flow, action == 11);
}

void BigDay::lease(RecordFeed& feed, unsigned device) {
    feed.dhcp_request(mac_of(device), kVendors[pick(3)], pick(2) == 0 ? "Redmi-" + std::to_string(device) : "laptop");
    bytes_ += 300;
    if (pick(3) == 0) moved_[device] = pick(2 * kDevices);
    feed.dhcp_ack(mac_of(device), address(device));
    bytes_ += 300;
}

void BigDay::open_flow(RecordFeed& feed) {
    const unsigned device = pick(kDevices);
    const unsigned other = pick(kDevices);
    Packet packet;
    packet.source = address(device);
    packet.source_mac = mac_of(device);
    packet.source_port = ++port_;
    packet.protocol = pick(2) == 0 ? model::kProtocolTcp : model::kProtocolUdp;
    const unsigned where = pick(8);
    if (where < 4) {
        packet.destination = "203.0.113." + std::to_string(1 + pick(20));
    } else if (where < 6) {
        packet.destination = address(other);
        packet.destination_mac = mac_of(other);
    } else if (where == 6) {
        packet.destination = "224.0.0.251";
        packet.destination_mac = "01:00:5e:00:00:fb";
    } else {
        packet.source = "10.9.0." + std::to_string(1 + pick(50));  // behind the router, or only passing by
        packet.source_mac = kRouter;
        packet.destination = pick(2) == 0 ? "198.51.100.7" : address(other);
        if (pick(3) == 0) packet.source = "198.51.100.9";
        packet.destination_mac = mac_of(other);
    }
    if (pick(4) == 0) {  // the answer is seen first
        std::swap(packet.source, packet.destination);
        std::swap(packet.source_mac, packet.destination_mac);
        std::swap(packet.source_port, packet.destination_port);
    }
    open_.push_back(feed.open(packet));
}

void BigDay::speak(RecordFeed& feed, const Flow& flow) {
    const char* const name = kNames[pick(6)];
    switch (pick(5)) {
        case 0: return feed.tls(flow, {.server_name = name, .ech = pick(4) == 0});
        case 1: return feed.tls(flow, {});
        case 2: return feed.tls_server(flow, {name});
        case 3: return feed.http(flow, name, kAgents[pick(3)]);
        default: return feed.unnamed(flow, pick(2) == 0);
    }
}

void BigDay::count(RecordFeed& feed, std::size_t flow, bool final) {
    const std::uint64_t out = pick(1500);
    const std::uint64_t back = pick(1500);
    feed.delta(open_[flow], out, back, final);
    bytes_ += out + back;
    if (!final) return;
    open_[flow] = open_.back();
    open_.pop_back();
}

}  // namespace telltale::correlate::testing
