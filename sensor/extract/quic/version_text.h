// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/model/record.h"

namespace telltale::extract::quic {

// A version as text: Google's as the letters that it is ("Q046"), others in hexadecimal ("0x00000001").
void put_version(std::uint32_t version, model::RecordWriter& record);

}  // namespace telltale::extract::quic
