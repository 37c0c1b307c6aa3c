// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sensor/model/addresses.h"
#include "sensor/model/event.h"

namespace telltale::ecs {

inline constexpr std::size_t kMacTextBytes = 18;  // with a byte to spare

// Writes "00-1A-2B-3C-4D-5E". Returns the end. `at` has room for kMacTextBytes.
char* put_mac(const model::MacAddress& address, char* at);

// Returns network.transport of an IP protocol; empty where ECS has no keyword, and network.iana_number says it.
std::string_view transport(std::uint8_t protocol);
// Returns host.os.type: the family if ECS allows it as a type, else empty.
std::string_view os_type(std::string_view family);
// Returns network.direction as seen from the device whose flow it is.
std::string_view direction(std::string_view owner_id);

// event.kind, event.category and event.type.
struct Classification {
    std::string_view kind;
    std::string_view categories[2];
    std::string_view types[2];
};
const Classification& classification(model::EventAction action);

}  // namespace telltale::ecs
