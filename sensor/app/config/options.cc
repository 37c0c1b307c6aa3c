// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/options.h"

#include <array>

#include "sensor/app/config/option_binding.h"

namespace telltale::app {
namespace {

constexpr std::array kSections = {
    OptionSection{"taps", "Where telltale run gets its packets from: the points of the network that it listens at.",
                  model::kMaxTaps, [](const Config& config) { return config.taps.size(); },
                  [](Config& config) { config.taps.emplace_back(); }},
    OptionSection{"ignore", "Traffic that telltale run must not look at. Ignored packets are counted, nothing else."},
    OptionSection{"dpdk", "DPDK, through which telltale run receives packets."},
    OptionSection{"networks", "Which networks are yours."},
    OptionSection{"signatures", "Signatures of devices, owners and policies."},
    OptionSection{"tracking", "Flow tracking, per worker. Times are packet times."},
    OptionSection{"fragments", "IP fragments, which are reassembled before workers see them."},
    OptionSection{"alerts", "Alerts that policies raise."},
    OptionSection{"limits", "Upper limits of what is kept in memory; what exceeds them is counted."},
    OptionSection{"store", "Events that wait for delivery."},
    OptionSection{"kafka", "Delivery to Kafka by telltale run. Keys with a dot are librdkafka's properties."},
    OptionSection{"metrics", "Metrics for Prometheus, served by telltale run."},
    OptionSection{"service", "Log, health events and files of telltale run."},
};

std::vector<Option> all_options() {
    std::vector<Option> all = general_options();
    for (const std::vector<Option>& more :
         {taps_options(), ignore_options(), dpdk_options(), knowledge_options(), tracking_options(),
          correlating_options(), store_options(), kafka_options(), metrics_options(), service_options()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

// Returns "taps" for "taps[].name" and "kafka" for "kafka.topic_prefix"; empty for "workers".
std::string_view section_key(std::string_view key) {
    const std::size_t dot = key.find('.');
    if (dot == std::string_view::npos) return {};
    key = key.substr(0, dot);
    if (key.ends_with("[]")) key.remove_suffix(2);
    return key;
}

std::size_t entries_in(const OptionSection* section, const Config& config) {
    return section != nullptr && section->is_list() ? section->entries(config) : 1;
}

}  // namespace

std::vector<Option> general_options() {
    using enum OptionType;
    using enum Applies;
    return {
        number("workers", count, {1, kMaxWorkers}, at_start,
               "Threads that analyse packets. The results do not depend on it.", TELLTALE_FIELD(workers)),
        number(
            "correlate_threads", count, {1, 16}, at_start,
            "Threads that correlate records, each for a part of the devices; 1: no further thread. The results do not "
            "depend on it as long as no table is full; the limits of all devices are divided among the threads.",
            TELLTALE_FIELD(correlating.threads)),
        within(open("sensor_id", text, at_start, "Name of this sensor in events.", "the host's name", "tap-north",
                    TELLTALE_FIELD(sensor_id)),
               {1, 128}),
        open("events", path, at_start,
             "File to which telltale run appends events as JSON Lines. It is reopened on SIGHUP, for log rotation.",
             "no file", "/var/lib/telltale/events.jsonl", TELLTALE_FIELD(events)),
        open("site_key_file", path, at_start,
             "File with the key for the ids of devices and alerts, 16 to 4096 bytes. Ids stay the same as long as the "
             "key does.",
             "a public key, the same everywhere", "site.key", TELLTALE_FIELD(site_key_file)),
    };
}

std::vector<Option> knowledge_options() {
    using enum OptionType;
    using enum Applies;
    return {
        list_of(open("networks.home", network, at_start, "Networks whose hosts are yours, at most 256.",
                     "the private (RFC 1918), unique local, link-local and loopback networks",
                     "[192.0.2.0/24, 2001:db8::/32]", TELLTALE_FIELD(correlating.home_networks))),
        bound("networks.learn_ipv6", flag, at_start,
              "Treat the /64 of a global IPv6 address as yours when one of your hosts sends from it to a known router.",
              TELLTALE_FIELD(correlating.learn_ipv6_prefixes)),

        open("signatures.path", path, at_start, "Folder of the signature bundle.",
             "$TELLTALE_SIGNATURES, else the bundle installed with the program", "/usr/share/telltale/signatures",
             TELLTALE_FIELD(signatures)),
        open("signatures.cache", path, at_start, "Folder for compiled signatures. It is created if it is missing.",
             "telltale in the user's cache folder; without such a folder there is no cache", "/var/cache/telltale",
             TELLTALE_FIELD(cache_dir)),
    };
}

std::span<const Option> options() {
    static const std::vector<Option> kAll = all_options();
    return kAll;
}

std::span<const OptionSection> option_sections() { return kSections; }

const OptionSection* section_of(const Option& option) {
    const std::string_view key = section_key(option.key);
    for (const OptionSection& section : kSections) {
        if (section.key == key) return &section;
    }
    return nullptr;
}

std::string_view name_in_section(const Option& option) {
    const std::size_t dot = option.key.find('.');
    return dot == std::string_view::npos ? option.key : option.key.substr(dot + 1);
}

std::string key_of_entry(std::string_view key, std::size_t entry) {
    std::string text(key);
    if (const std::size_t at = text.find("[]."); at != std::string::npos) text.insert(at + 1, std::to_string(entry));
    return text;
}

std::vector<std::string> changed_keys(const Config& before, const Config& after, Applies applies) {
    std::vector<std::string> changed;
    for (const Option& option : options()) {
        if (option.applies != applies) continue;
        const OptionSection* section = section_of(option);
        const std::size_t entries = entries_in(section, before);
        if (entries != entries_in(section, after)) {
            if (changed.empty() || changed.back() != section->key) changed.emplace_back(section->key);
            continue;
        }
        for (std::size_t entry = 0; entry < entries; ++entry) {
            if (option.get(before, entry) != option.get(after, entry)) {
                changed.push_back(key_of_entry(option.key, entry));
            }
        }
    }
    return changed;
}

}  // namespace telltale::app
