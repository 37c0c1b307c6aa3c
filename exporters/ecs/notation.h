// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sensor/model/addresses.h"
#include "sensor/model/event.h"

namespace telltale::ecs {

// "2014-06-30T22:15:02.000123Z": microseconds, UTC, cut and not rounded.
std::string timestamp(std::int64_t time_ns);
// "00-1A-2B-3C-4D-5E".
std::string mac(const model::MacAddress& address);

// network.transport by IP protocol number; empty where ECS knows no keyword (network.iana_number says it then).
std::string_view transport(std::uint8_t protocol);
// host.os.type: the values that ECS allows; empty when the family is none of them.
std::string_view os_type(std::string_view family);
// network.direction as seen from the device whose flow it is.
std::string_view direction(std::string_view owner_id);

// event.kind, event.category and event.type.
struct Classification {
    std::string_view kind;
    std::string_view categories[2];
    std::string_view types[2];
};
const Classification& classification(const model::Event& event);

}  // namespace telltale::ecs
