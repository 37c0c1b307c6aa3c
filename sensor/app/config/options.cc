// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/config/options.h"

#include <array>

#include "sensor/app/config/option_binding.h"

namespace telltale::app {
namespace {

constexpr std::array kSections = {
    OptionSection{"taps", "Where telltale run gets its packets from: points of the network.", model::kMaxTaps,
                  [](const Config& config) { return config.taps.size(); },
                  [](Config& config) { config.taps.emplace_back(); }},
    OptionSection{"ignore", "What telltale run must not look at. It is counted and nothing else."},
    OptionSection{"dpdk", "DPDK, which telltale run gets packets by."},
    OptionSection{"networks", "What is yours."},
    OptionSection{"signatures", "What the sensor knows of devices, owners and policies."},
    OptionSection{"tracking", "Flows, by each worker. Time is that of the packets."},
    OptionSection{"fragments", "IP fragments, which are put together before workers see them."},
    OptionSection{"alerts", "What policies raise."},
    OptionSection{"limits", "Most that is kept in memory of each kind; what finds no room is counted."},
    OptionSection{"store", "Events that are waiting to be written."},
    OptionSection{"kafka", "Delivery to Kafka, by telltale run. What has a dot in its name is librdkafka's property."},
    OptionSection{"metrics", "Figures for Prometheus, by telltale run."},
    OptionSection{"service", "What telltale run does beside."},
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

// "taps" of "taps[].name" and "kafka" of "kafka.topic_prefix"; nothing of "workers".
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
        number("workers", count, {1, kMaxWorkers}, at_start, "Threads that analyse packets; the results are the same.",
               TELLTALE_FIELD(workers)),
        within(open("sensor_id", text, at_start, "What events call this sensor.", "the host's name", "tap-north",
                    TELLTALE_FIELD(sensor_id)),
               {1, 128}),
        open("events", path, at_start,
             "File that telltale run adds events to as JSON Lines. On SIGHUP it is opened anew, for log rotation.",
             "no file", "/var/lib/telltale/events.jsonl", TELLTALE_FIELD(events)),
        open("site_key_file", path, at_start,
             "File whose content, 16 to 4096 bytes, keys the ids of devices and alerts. Ids stay the same for as long "
             "as the key does.",
             "a public key, so that ids are the same everywhere", "site.key", TELLTALE_FIELD(site_key_file)),
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
              "Take the /64 of a global IPv6 address for yours when a host of yours sends from it to a known router.",
              TELLTALE_FIELD(correlating.learn_ipv6_prefixes)),

        open("signatures.path", path, at_start, "Folder of the signature bundle.",
             "what $TELLTALE_SIGNATURES names, else the bundle that came with the program",
             "/usr/share/telltale/signatures", TELLTALE_FIELD(signatures)),
        open("signatures.cache", path, at_start, "Folder for compiled signatures. It is made where it is missing.",
             "telltale in the user's cache folder; no cache where there is none", "/var/cache/telltale",
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
