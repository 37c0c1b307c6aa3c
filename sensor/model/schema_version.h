// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sensor/model/dataset.h"

namespace telltale::model {

// telltale.schema, MAJOR.MINOR. Added fields raise MINOR; removed or renamed ones raise MAJOR, and with it the topics.
// exporters/ecs/published.txt is what was last promised to readers.
inline constexpr std::string_view kSchemaVersion = "1.0";
inline constexpr std::string_view kSchemaMajor = kSchemaVersion.substr(0, kSchemaVersion.find('.'));

// Returns "device.v1": the topic's name after the prefix, and the part of event.id that says which log.
inline std::string versioned(Topic topic) { return std::string(to_string(topic)) + ".v" + std::string(kSchemaMajor); }

}  // namespace telltale::model
