// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/options.h"

#include <array>
#include <type_traits>
#include <utility>
#include <vector>

#include "sensor/base/packet_clock.h"

namespace telltale::app {
namespace {

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;
constexpr std::int64_t kGiB = 1024 * kMiB;
constexpr std::int64_t kSecond = base::kSecondNs;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kMillion = 1'000'000;

// `Access` is a lambda without captures that gives a field of a Config.
template <typename Access>
Option bound(std::string_view key, OptionType type, Applies applies, std::string_view help, Access) {
    Option option;
    option.key = key;
    option.type = type;
    option.applies = applies;
    option.help = help;
    using Field = std::remove_cvref_t<decltype(Access{}(std::declval<Config&>()))>;
    if constexpr (std::is_integral_v<Field> && !std::is_same_v<Field, bool>) {
        option.get = [](const Config& config) -> OptionValue { return static_cast<std::int64_t>(Access{}(config)); };
        option.set = [](Config& config, const OptionValue& value) {
            Access{}(config) = static_cast<Field>(std::get<std::int64_t>(value));
        };
    } else {
        option.get = [](const Config& config) -> OptionValue { return Access{}(config); };
        option.set = [](Config& config, const OptionValue& value) { Access{}(config) = std::get<Field>(value); };
    }
    return option;
}

template <typename Access>
Option number(std::string_view key, OptionType type, OptionRange range, Applies applies, std::string_view help,
              Access access) {
    Option option = bound(key, type, applies, help, access);
    option.range = range;
    return option;
}

// An option whose default is empty.
template <typename Access>
Option open(std::string_view key, OptionType type, Applies applies, std::string_view help, std::string_view if_unset,
            std::string_view example, Access access) {
    Option option = bound(key, type, applies, help, access);
    option.if_unset = if_unset;
    option.example = example;
    return option;
}

constexpr std::array kSections = {
    OptionSection{"networks", "What is yours."},
    OptionSection{"signatures", "What the sensor knows of devices, owners and policies."},
    OptionSection{"tracking", "Flows, by each worker. Time is that of the packets."},
    OptionSection{"fragments", "IP fragments, which are put together before workers see them."},
    OptionSection{"alerts", "What policies raise."},
    OptionSection{"limits", "Most that is kept in memory of each kind; what finds no room is counted."},
    OptionSection{"store", "Events that are waiting to be written."},
};

#define TELLTALE_FIELD(field) \
    [](auto& config) -> auto& { return config.field; }

std::vector<Option> general_options() {
    using enum OptionType;
    using enum Applies;
    return {
        number("workers", count, {1, kMaxWorkers}, at_start, "Threads that analyse packets; the results are the same.",
               TELLTALE_FIELD(workers)),
        open("site_key_file", path, at_start,
             "File whose content, 16 to 4096 bytes, keys the ids of devices and alerts. Ids stay the same for as long "
             "as "
             "the key does.",
             "a public key, so that ids are the same everywhere", "site.key", TELLTALE_FIELD(site_key_file)),

        open("networks.home", networks, at_start, "Networks whose hosts are yours, at most 256.",
             "the private (RFC 1918), unique local, link-local and loopback networks", "[192.0.2.0/24, 2001:db8::/32]",
             TELLTALE_FIELD(correlating.home_networks)),
        bound("networks.learn_ipv6", flag, at_start,
              "Take the /64 of a global IPv6 address for yours when a host of yours sends from it to a known router.",
              TELLTALE_FIELD(correlating.learn_ipv6_prefixes)),

        open("signatures.path", path, on_reload, "Folder of the signature bundle.",
             "what $TELLTALE_SIGNATURES names, else the bundle that came with the program",
             "/usr/share/telltale/signatures", TELLTALE_FIELD(signatures)),
        open("signatures.cache", path, at_start, "Folder for compiled signatures. It is made where it is missing.",
             "telltale in the user's cache folder; no cache where there is none", "/var/cache/telltale",
             TELLTALE_FIELD(cache_dir)),
    };
}

std::vector<Option> tracking_options() {
    using enum OptionType;
    using enum Applies;
    return {
        number("tracking.flows", count, {1024, 4'194'304}, at_start,
               "Flows that a worker knows at a time, about 300 bytes each. When all are taken a silent one is closed.",
               TELLTALE_FIELD(tracking.flows)),
        number("tracking.interval", duration, {kSecond, kHour}, at_start,
               "How often bytes are reported, per device and owner; intervals begin at multiples of it.",
               TELLTALE_FIELD(tracking.interval_ns)),
        number("tracking.tcp_idle", duration, {kSecond, kDay}, at_start, "Silence that closes a TCP flow.",
               TELLTALE_FIELD(tracking.tcp_idle_ns)),
        number("tracking.tcp_over_idle", duration, {kSecond, kDay}, at_start,
               "Silence that closes a TCP flow after FIN from both sides, or RST.",
               TELLTALE_FIELD(tracking.tcp_over_idle_ns)),
        number("tracking.udp_idle", duration, {kSecond, kDay}, at_start, "Silence that closes a UDP flow.",
               TELLTALE_FIELD(tracking.udp_idle_ns)),
        number("tracking.other_idle", duration, {kSecond, kDay}, at_start,
               "Silence that closes a flow of another protocol.", TELLTALE_FIELD(tracking.other_idle_ns)),
        number("tracking.stream_buffers", count, {16, 65'534}, at_start,
               "TCP messages that a worker can put together at a time from several segments.",
               TELLTALE_FIELD(tracking.stream_buffers)),
        number("tracking.stream_buffer_size", size, {4 * kKiB, 64 * kKiB}, at_start,
               "Memory of each of these. A message that is longer is not read.",
               TELLTALE_FIELD(tracking.stream_buffer_bytes)),

        number("fragments.datagrams", count, {1, 4096}, at_start,
               "Datagrams that are incomplete at a time, 67 KiB each. When all are taken the oldest is given up.",
               TELLTALE_FIELD(defragmenting.datagrams)),
        number("fragments.timeout", duration, {kSecond, 10 * kMinute}, at_start,
               "Time from a datagram's first fragment to its last.", TELLTALE_FIELD(defragmenting.timeout_ns)),
    };
}

std::vector<Option> correlating_options() {
    using enum OptionType;
    using enum Applies;
    return {
        number("alerts.update_interval", duration, {kMinute, kDay}, on_reload,
               "How often at most an open alert whose count grows says so.",
               TELLTALE_FIELD(correlating.alert_update_ns)),

        number("limits.devices", count, {16, kMillion}, at_start, "Devices.", TELLTALE_FIELD(correlating.max_devices)),
        number("limits.addresses", count, {16, 8 * kMillion}, at_start, "Addresses of devices.",
               TELLTALE_FIELD(correlating.max_addresses)),
        number("limits.addresses_per_device", count, {1, 1024}, at_start, "Addresses of one device; the newest stay.",
               TELLTALE_FIELD(correlating.max_addresses_per_device)),
        number("limits.evidence_per_device", count, {4, 1024}, at_start,
               "Observations that speak for one device's identity.",
               TELLTALE_FIELD(correlating.max_evidence_per_device)),
        number("limits.names", count, {1024, 8 * kMillion}, at_start, "Distinct host names.",
               TELLTALE_FIELD(correlating.max_names)),
        number("limits.dns_names", count, {1024, 8 * kMillion}, at_start,
               "Addresses that DNS answers named, by device.", TELLTALE_FIELD(correlating.max_dns_names)),
        number("limits.dns_names_per_device", count, {16, kMillion}, at_start,
               "Of these for one device; the newest stay.", TELLTALE_FIELD(correlating.max_dns_names_per_device)),
        number(
            "limits.ledger_rows", count, {1024, 8 * kMillion}, at_start,
            "Rows of the ledger in one interval: device, owner and category. Bytes beyond go to rows without device.",
            TELLTALE_FIELD(correlating.max_ledger_rows)),
        number("limits.contacts", count, {1024, 8 * kMillion}, at_start, "Pairs of a device and a destination.",
               TELLTALE_FIELD(correlating.max_contacts)),
        number("limits.contacts_per_device", count, {16, kMillion}, at_start, "Destinations of one device.",
               TELLTALE_FIELD(correlating.max_contacts_per_device)),
        number("limits.alerts", count, {16, kMillion}, at_start, "Open alerts.",
               TELLTALE_FIELD(correlating.max_alerts)),

        number("store.events", count, {1000, 100 * kMillion}, at_start, "Events that the store holds.",
               TELLTALE_FIELD(store.max_events)),
        number("store.size", size, {kMiB, 64 * kGiB}, at_start, "Memory that they take, about.",
               TELLTALE_FIELD(store.max_bytes)),
    };
}

#undef TELLTALE_FIELD

std::vector<Option> all_options() {
    std::vector<Option> all = general_options();
    for (const std::vector<Option>& more : {tracking_options(), correlating_options()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

}  // namespace

std::span<const Option> options() {
    static const std::vector<Option> kAll = all_options();
    return kAll;
}

std::span<const OptionSection> option_sections() { return kSections; }

}  // namespace telltale::app
