// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/base/enumeration.h"
#include "sensor/model/dataset.h"

// The closed lists behind an event's fields, each with its words.
namespace telltale::model {

// The actions of events.
//   X(action, event.action, dataset)
#define TELLTALE_EVENT_ACTIONS(X)                                                      \
    X(device_first_seen, "device-first-seen", device)                                  \
    X(device_identified, "device-identified", device) /* maker, system or class */     \
    X(device_changed, "device-changed", device)       /* also: an address was added */ \
    X(destination_first_contact, "destination-first-contact", destination)             \
    X(transfer_summary, "transfer-summary", transfer)                                  \
    X(policy_alert, "policy-alert", alert)                                             \
    X(identifier_leak, "identifier-leak", leak)                                        \
    X(sensor_health, "sensor-health", health)                                          \
    X(clock_stepped, "clock-stepped", health)                                          \
    X(config_reloaded, "config-reloaded", config)                                      \
    X(reload_rejected, "reload-rejected", config)

TELLTALE_ENUMERATION(EventAction, std::uint8_t, TELLTALE_EVENT_ACTIONS)

#define TELLTALE_DATASET_OF(action, word, dataset) Dataset::dataset,
inline constexpr base::EnumArray<EventAction, Dataset> kDatasetOf({TELLTALE_EVENT_ACTIONS(TELLTALE_DATASET_OF)});
#undef TELLTALE_DATASET_OF

// How an owner was found.
//   X(method, telltale.owner.method, what the destination is known by)
#define TELLTALE_ATTRIBUTION_METHODS(X)                        \
    X(none, "none", "nothing")                                 \
    X(tls_server_name, "tls_server_name", "TLS server name")   \
    X(http_host, "http_host", "HTTP Host")                     \
    X(dns_answer, "dns_answer", "its own DNS answer")          \
    X(reserved, "reserved", "its addresses")                   \
    X(tls_certificate, "tls_certificate", "its certificate")   \
    X(coap_uri_host, "coap_uri_host", "CoAP Uri-Host")         \
    X(push_service, "push_service", "the push service's name") \
    X(mqtt_server, "mqtt_server", "MQTT server")               \
    X(xmpp_server, "xmpp_server", "XMPP server")

TELLTALE_ENUMERATION(AttributionMethod, std::uint8_t, TELLTALE_ATTRIBUTION_METHODS)

// Why a flow's owner is not known; none: it is.
//   X(cause, telltale.owner.cause, in a sentence, as a heading)
#define TELLTALE_UNATTRIBUTED_CAUSES(X)                                                                     \
    X(none, "none", "none", "no reason told")                                                               \
    X(no_name, "no_name", "no name", "no name: neither connection nor DNS names the address")               \
    X(unknown_name, "unknown_name", "unknown name", "name known, but no signature says whose it is")        \
    X(hidden_name, "hidden_name", "hidden name", "name hidden by the device (Encrypted Client Hello)")      \
    X(cut_name, "cut_name", "the capture is cut before the name", "capture cut where the name would stand") \
    X(encrypted_dns, "encrypted_dns", "no name, the device uses encrypted DNS",                             \
      "no name: the device asks for names over encrypted DNS")

TELLTALE_ENUMERATION(UnattributedCause, std::uint8_t, TELLTALE_UNATTRIBUTED_CAUSES)

#define TELLTALE_THIRD(name, word, third, ...) std::string_view(third),
#define TELLTALE_FOURTH(name, word, third, fourth) std::string_view(fourth),
inline constexpr base::EnumArray<AttributionMethod, std::string_view> kMethodInWords(
    {TELLTALE_ATTRIBUTION_METHODS(TELLTALE_THIRD)});
inline constexpr base::EnumArray<UnattributedCause, std::string_view> kCauseInWords(
    {TELLTALE_UNATTRIBUTED_CAUSES(TELLTALE_THIRD)});
inline constexpr base::EnumArray<UnattributedCause, std::string_view> kCauseHeading(
    {TELLTALE_UNATTRIBUTED_CAUSES(TELLTALE_FOURTH)});
#undef TELLTALE_THIRD
#undef TELLTALE_FOURTH

// The owners that no signature names.
//   X(owner, telltale.owner.id, as a heading)
#define TELLTALE_RESERVED_OWNERS(X)                      \
    X(internal, "internal", "inside the network")        \
    X(multicast, "multicast", "multicast and broadcast") \
    X(unattributed, "unattributed", "not attributed")    \
    X(transit, "transit", "passing through")

TELLTALE_ENUMERATION(ReservedOwner, std::uint8_t, TELLTALE_RESERVED_OWNERS)

inline constexpr std::string_view kOwnerInternal = to_string(ReservedOwner::internal);
inline constexpr std::string_view kOwnerMulticast = to_string(ReservedOwner::multicast);
inline constexpr std::string_view kOwnerUnattributed = to_string(ReservedOwner::unattributed);
inline constexpr std::string_view kOwnerTransit = to_string(ReservedOwner::transit);
constexpr bool is_reserved_owner(std::string_view owner_id) {
    return base::from_word<ReservedOwner>(owner_id).has_value();
}

#define TELLTALE_HEADING(name, word, heading) std::string_view(heading),
inline constexpr base::EnumArray<ReservedOwner, std::string_view> kReservedOwnerHeading(
    {TELLTALE_RESERVED_OWNERS(TELLTALE_HEADING)});
#undef TELLTALE_HEADING

// How bad an alert is; event.severity is the number.
#define TELLTALE_SEVERITIES(X) X(info, "info") X(low, "low") X(medium, "medium") X(high, "high") X(critical, "critical")

TELLTALE_ENUMERATION(Severity, std::uint8_t, TELLTALE_SEVERITIES)

#define TELLTALE_ALERT_STATES(X) X(open, "open") X(update, "update") X(closed, "closed")

TELLTALE_ENUMERATION(AlertState, std::uint8_t, TELLTALE_ALERT_STATES)

}  // namespace telltale::model
