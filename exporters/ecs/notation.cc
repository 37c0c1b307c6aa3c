// SPDX-License-Identifier: Apache-2.0
#include "exporters/ecs/notation.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "sensor/model/flow_key.h"

namespace telltale::ecs {
namespace {

void put_digits(char* at, std::uint32_t value, std::size_t width) {
    for (std::size_t i = width; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::string timestamp(std::int64_t time_ns) {
    using std::chrono::days;
    using std::chrono::floor;
    using std::chrono::microseconds;
    // In microseconds: at the ends of the range, a whole day does not fit into nanoseconds.
    const std::chrono::sys_time<microseconds> time{floor<microseconds>(std::chrono::nanoseconds(time_ns))};
    const auto day = floor<days>(time);
    const std::chrono::year_month_day date{day};
    const auto us = static_cast<std::uint64_t>((time - day).count());
    const auto seconds = static_cast<std::uint32_t>(us / 1'000'000);
    std::string text = "0000-00-00T00:00:00.000000Z";
    char* at = text.data();
    put_digits(at, static_cast<std::uint32_t>(static_cast<int>(date.year())), 4);  // 1677 to 2262
    put_digits(at + 5, static_cast<unsigned>(date.month()), 2);
    put_digits(at + 8, static_cast<unsigned>(date.day()), 2);
    put_digits(at + 11, seconds / 3600, 2);
    put_digits(at + 14, seconds / 60 % 60, 2);
    put_digits(at + 17, seconds % 60, 2);
    put_digits(at + 20, static_cast<std::uint32_t>(us % 1'000'000), 6);
    return text;
}

std::string mac(const model::MacAddress& address) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string text;
    text.reserve(17);
    for (const std::uint8_t byte : address.bytes) {
        if (!text.empty()) text += '-';
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string_view transport(std::uint8_t protocol) {
    switch (protocol) {
        case model::kProtocolTcp: return "tcp";
        case model::kProtocolUdp: return "udp";
        case model::kProtocolIcmp: return "icmp";
        case model::kProtocolIcmpV6: return "ipv6-icmp";
        case 2: return "igmp";
        case 47: return "gre";
        case 50: return "esp";
        case 132: return "sctp";
        default: return {};
    }
}

std::string_view os_type(std::string_view family) {
    static constexpr std::array<std::string_view, 6> kTypes = {"linux", "macos", "unix", "windows", "ios", "android"};
    const auto type = std::find(kTypes.begin(), kTypes.end(), family);
    return type == kTypes.end() ? std::string_view{} : *type;
}

std::string_view direction(std::string_view owner_id) {
    if (owner_id == model::kOwnerInternal || owner_id == model::kOwnerMulticast) return "internal";
    if (owner_id == model::kOwnerTransit) return "external";
    return owner_id.empty() ? "unknown" : "outbound";
}

const Classification& classification(const model::Event& event) {
    // Types are those that ECS expects for the category.
    static constexpr Classification kFirstSeen = {"event", {"host"}, {"info"}};
    static constexpr Classification kChanged = {"event", {"host"}, {"change", "info"}};
    static constexpr Classification kDestination = {"event", {"network"}, {"connection"}};
    static constexpr Classification kTransfer = {"metric", {"network"}, {"connection", "info"}};
    static constexpr Classification kAlert = {"alert", {"intrusion_detection", "network"}, {"info"}};
    static constexpr Classification kConfig = {"event", {"configuration"}, {"change", "info"}};
    static constexpr Classification kHealth = {"state", {"host"}, {"info"}};
    switch (event.dataset()) {
        case model::Dataset::device:
            return event.action == model::EventAction::device_first_seen ? kFirstSeen : kChanged;
        case model::Dataset::destination: return kDestination;
        case model::Dataset::transfer: return kTransfer;
        case model::Dataset::alert: return kAlert;
        case model::Dataset::config: return kConfig;
        case model::Dataset::health: break;
    }
    return kHealth;
}

}  // namespace telltale::ecs
