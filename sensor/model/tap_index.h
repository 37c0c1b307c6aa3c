// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "sensor/base/bounded_index.h"

namespace telltale::model {

inline constexpr std::size_t kMaxTaps = 16;
inline constexpr std::size_t kMaxPorts = 32;  // of all taps

// Places in the configuration, counted from 0. Files are tap 0 and port 0.
using TapIndex = base::BoundedIndex<struct Tap, std::uint8_t, kMaxTaps>;
using PortIndex = base::BoundedIndex<struct Port, std::uint16_t, kMaxPorts>;

template <typename T>
using TapMap = base::IndexedArray<T, TapIndex>;
template <typename T>
using PortMap = base::IndexedArray<T, PortIndex>;

}  // namespace telltale::model
