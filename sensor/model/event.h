// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/model/addresses.h"
#include "sensor/model/dataset.h"
#include "sensor/model/event_words.h"
#include "sensor/model/leak.h"
#include "sensor/model/shared_part.h"
#include "sensor/model/state_row.h"

namespace telltale::model {

// An observation that speaks for an identity.
struct Evidence {
    std::string source;  // what kind of observation: "mac_prefix", "user_agent", ...
    std::string value;   // what was seen, as text from the network: escape before showing
    double weight = 0;   // 0..1
    std::string signature_id;
    std::int64_t seen_ns = 0;  // first time, packet time

    bool operator==(const Evidence&) const = default;
};

// A device as it was known when the event was made.
struct DeviceView {
    std::string id;            // keyed hash of the first stable identifier, hexadecimal; the same in the next run
    std::uint32_t number = 0;  // of the device in this process, from 1 without gaps: for tables here, in no output
    std::vector<IpAddress> addresses;
    std::vector<MacAddress> macs;
    std::string host_name;  // what it calls itself
    std::string maker_id;
    std::string maker_name;
    std::string model;
    std::string os;  // family: android, ios, windows, ...
    std::string os_version;
    std::string device_class;
    double confidence = 0;           // of the maker, 0..1
    double identity_confidence = 0;  // maker confidence; without a maker the highest of OS and class
    bool mac_randomized = false;
    std::vector<Evidence> evidence;
    std::int64_t first_seen_ns = 0;

    bool operator==(const DeviceView&) const = default;
};

// Where a destination's address is hosted: apart from who owns the destination.
struct Hosting {
    std::uint32_t as_number = 0;
    std::string as_organization;
    std::string country;  // ISO 3166-1 alpha-2
};

struct DestinationView {
    IpAddress address;
    std::uint16_t port = 0;
    std::string domain;             // the name it is known by; empty when none
    std::string registered_domain;  // by the public suffix list
    std::string owner_id;           // or a reserved owner
    std::string owner_name;
    std::string owner_country;  // of control
    AttributionMethod method = AttributionMethod::none;
    UnattributedCause cause = UnattributedCause::none;
    double confidence = 0;
    std::string signature_id;
    std::string category;
    std::optional<Hosting> hosting;
};

// The flow that caused an event.
struct FlowView {
    IpAddress source;  // the accountable device's side
    std::uint16_t source_port = 0;
    MacAddress source_mac;
    std::uint8_t protocol = 0;  // IP protocol number
    std::string application;    // tls, http, dns, dhcp, ...; empty when not known
    std::string community_id;   // empty until computed
    std::string server_name;
    std::string ja3;
    std::string ja4;
    bool ech = false;
};

// A device's bytes to and from an owner and category in an interval. Deltas: all events' figures add up to the flows'
// bytes. Without a device for owner transit.
struct Transfer {
    std::int64_t start_ns = 0;
    std::int64_t end_ns = 0;
    std::uint64_t bytes_up = 0;  // device to owner, IP lengths
    std::uint64_t bytes_down = 0;
    std::uint64_t packets_up = 0;
    std::uint64_t packets_down = 0;
    std::uint64_t flows = 0;  // flows with bytes in the interval
    std::uint64_t cleartext_bytes = 0;
    std::uint64_t ech_flows = 0;
    std::vector<std::string> domains;    // at most kMaxTransferDomains, sorted
    std::vector<std::string> protocols;  // sorted
    // For owner unattributed: why, with bytes of both directions; sorted by cause.
    struct Unattributed {
        UnattributedCause cause = UnattributedCause::none;
        std::uint64_t bytes = 0;
        std::uint64_t flows = 0;
    };
    std::vector<Unattributed> unattributed;
    bool late = false;   // these bytes were reported before as unattributed: another event takes them back
    bool final = false;  // no flow of the row is open any more
};
inline constexpr std::size_t kMaxTransferDomains = 16;

struct Alert {
    std::string id;  // the same for open, update and closed
    std::string policy_id;
    std::string policy_name;
    std::string description;
    std::string reason;  // one sentence: why it held
    Severity severity = Severity::info;
    std::uint8_t risk_score = 0;
    AlertState state = AlertState::open;
    std::uint64_t count = 0;
    std::uint64_t suppressed = 0;
    std::int64_t first_seen_ns = 0;
    std::int64_t last_seen_ns = 0;
};

// Named figures of the sensor itself, in a fixed order.
struct Health {
    std::vector<std::pair<std::string, std::uint64_t>> figures;
};

// The outcome of reading the configuration again.
struct ConfigChange {
    std::string error;                       // why it was rejected; empty: it was applied
    std::vector<std::string> applied;        // keys whose new values hold now
    std::vector<std::string> needs_restart;  // keys whose new values wait for the next start
};

// The parts that an event may have.
//   X(type, member)
#define TELLTALE_EVENT_PARTS(X)     \
    X(DeviceView, device)           \
    X(DestinationView, destination) \
    X(FlowView, flow)               \
    X(Transfer, transfer)           \
    X(Alert, alert)                 \
    X(Leak, leak)                   \
    X(Health, health)               \
    X(ConfigChange, config_change)

// Leaves the sensor. A value: no pointer into packets. Made by correlate, changed by privacy, then rendered once
// and stored. Text that comes from packets is raw bytes: whoever renders it escapes and bounds it.
struct Event {
    EventAction action = EventAction::sensor_health;
    std::int64_t time_ns = 0;     // packet time; for health the sensor's
    std::int64_t created_ns = 0;  // wall clock, when the event was made
    std::string message;          // a sentence, where the parts do not say it: see sentence.h
    std::uint32_t generation = 0;
    std::int64_t device_last_seen_ns = 0;  // packet time; apart from what seldom changes
#define TELLTALE_PART(Type, member) SharedPart<Type> member;
    TELLTALE_EVENT_PARTS(TELLTALE_PART)
#undef TELLTALE_PART
    StateRows rows;  // in no output: the sensor's knowledge once the event is stored

    [[nodiscard]] Dataset dataset() const { return kDatasetOf[action]; }
    [[nodiscard]] Topic topic() const { return kTopicOf[dataset()]; }
};

// Calls visit(part) for every part, a SharedPart that may be empty: a visitor without an overload for one of them does
// not compile.
template <typename AnyEvent, typename Visit>
void for_each_part(AnyEvent& event, Visit&& visit) {
#define TELLTALE_VISIT(Type, member) visit(event.member);
    TELLTALE_EVENT_PARTS(TELLTALE_VISIT)
#undef TELLTALE_VISIT
}

// Where events go next. Called on the correlator's thread only.
using EventSink = std::function<void(Event&&)>;

}  // namespace telltale::model
