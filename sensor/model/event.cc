// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/event.h"

#include <array>

namespace telltale::model {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"device", "destination", "transfer", "alert", "health"};
constexpr std::array<std::string_view, 9> kActions = {
    "device-first-seen", "device-identified", "device-changed", "destination-first-contact",
    "transfer-summary",  "policy-alert",      "sensor-health",  "config-reloaded",
    "reload-rejected"};
constexpr std::array<std::string_view, kAttributionMethodCount> kMethods = {
    "none", "tls_server_name", "http_host", "dns_answer", "reserved", "tls_certificate"};
constexpr std::array<std::string_view, kUnattributedCauseCount> kCauses = {"none",        "no_name",  "unknown_name",
                                                                           "hidden_name", "cut_name", "encrypted_dns"};

}  // namespace

std::string_view to_string(EventKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::string_view to_string(EventAction action) { return kActions[static_cast<std::size_t>(action)]; }
std::string_view to_string(AttributionMethod method) { return kMethods[static_cast<std::size_t>(method)]; }
std::string_view to_string(UnattributedCause cause) { return kCauses[static_cast<std::size_t>(cause)]; }

bool is_reserved_owner(std::string_view owner_id) {
    return owner_id == kOwnerInternal || owner_id == kOwnerMulticast || owner_id == kOwnerUnattributed ||
           owner_id == kOwnerTransit;
}

}  // namespace telltale::model
