// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sensor/model/event.h"

namespace telltale::exporters {

// About how many bytes of memory an event takes: its fixed part and the text and lists that it owns.
std::size_t approximate_bytes(const model::Event& event);

}  // namespace telltale::exporters
