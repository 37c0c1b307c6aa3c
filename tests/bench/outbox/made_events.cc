// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/outbox/made_events.h"

#include <algorithm>

#include "tests/unit/exporters/sample_events.h"

namespace telltale::bench {
namespace {

constexpr std::uint64_t kDevices = 20'000;
constexpr std::uint64_t kOwners = 300;
constexpr std::uint64_t kNames = 60'000;
constexpr std::uint64_t kOldEvents = 5'000;         // only these have the old device, owner and name
constexpr std::uint64_t kRareEvery = 1'000'003;     // of events
constexpr std::uint64_t kMostSevereEvery = 50'021;  // of events: an alert of severity critical

// SplitMix64: a number's own noise.
std::uint64_t mixed(std::uint64_t number) {
    number += 0x9E3779B97F4A7C15ULL;
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9ULL;
    number = (number ^ (number >> 27)) * 0x94D049BB133111EBULL;
    return number ^ (number >> 31);
}

// Small numbers far more often than large ones.
std::uint64_t popular(std::uint64_t noise, std::uint64_t of) {
    const double share = static_cast<double>(noise >> 11) / 9007199254740992.0;
    return static_cast<std::uint64_t>(share * share * share * static_cast<double>(of));
}

void name_device(model::Event& event, std::uint64_t device, bool old) {
    if (!event.device) return;
    model::DeviceView& view = event.device.edit();
    const std::string name = old ? "old-device" : "device-" + std::to_string(device);
    view.id = "id-" + name;
    view.host_name = name;
    view.addresses = {*model::parse_ip("10." + std::to_string(device >> 16) + "." + std::to_string(device >> 8 & 0xFF) +
                                       "." + std::to_string(device & 0xFF))};
}

}  // namespace

MadeEvents::MadeEvents(std::uint64_t count, std::int64_t span_ns, std::int64_t end_ns)
    : count_(count), span_ns_(span_ns), end_ns_(end_ns), format_(samples::observer()) {}

model::Dataset MadeEvents::dataset_of(std::uint64_t number) {
    if (number % kMostSevereEvery == 0) return model::Dataset::alert;
    const std::uint64_t part = mixed(number) % 1000;
    if (part < 600) return model::Dataset::transfer;
    if (part < 880) return model::Dataset::destination;
    if (part < 960) return model::Dataset::device;
    if (part < 985) return model::Dataset::alert;
    return model::Dataset::health;
}

model::Event MadeEvents::event_of(std::uint64_t number) const {
    model::Event event;
    switch (dataset_of(number)) {
        case model::Dataset::transfer: event = samples::transfer_event(); break;
        case model::Dataset::destination: event = samples::destination_event(); break;
        case model::Dataset::device: event = samples::device_event(); break;
        case model::Dataset::alert: event = samples::alert_event(); break;
        default: event = samples::health_event(); break;
    }
    const std::uint64_t noise = mixed(number ^ 0xABCDEF);
    const bool old = number <= kOldEvents;
    name_device(event, popular(noise, kDevices), old);
    if (event.destination) {
        model::DestinationView& to = event.destination.edit();
        to.owner_id = old                        ? "old-owner"
                      : number % kRareEvery == 0 ? "rare-owner"
                                                 : "owner-" + std::to_string(popular(mixed(noise), kOwners));
        const std::string name = std::to_string(popular(mixed(noise + 1), kNames));
        to.domain = old ? "old.example.net" : "host-" + name + ".service-" + std::to_string(noise % 7) + ".example";
        if (event.transfer) event.transfer.edit().domains = {to.domain, "cdn-" + name + ".example.org"};
    }
    if (event.alert && number % kMostSevereEvery == 0) event.alert.edit().severity = model::Severity::critical;
    event.created_ns = end_ns_ - static_cast<std::int64_t>(static_cast<double>(span_ns_) *
                                                           static_cast<double>(count_ - std::min(number, count_)) /
                                                           static_cast<double>(count_));
    event.time_ns = event.created_ns;
    return event;
}

exporters::Envelope MadeEvents::make(std::uint64_t number, std::uint64_t sequence) {
    const model::Event event = event_of(number);
    exporters::Envelope envelope;
    envelope.dataset = dataset_of(number);
    envelope.sequence = sequence;
    envelope.created_ns = event.created_ns;
    envelope.received_ns = event.time_ns;
    envelope.key = event.device ? event.device->id : "s1";
    format_.render(event, sequence, envelope.json);
    return envelope;
}

}  // namespace telltale::bench
