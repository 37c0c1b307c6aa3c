// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "sensor/base/byte_reader.h"

namespace telltale::model {

// The text of a number_list ("1,3,6"), as far as there is room: 4 bytes per number are enough.
std::string_view numbers_text(base::Bytes value, std::span<char> room);
// The same for a wide_number_list: 6 bytes per number.
std::string_view wide_numbers_text(base::Bytes value, std::span<char> room);

}  // namespace telltale::model
