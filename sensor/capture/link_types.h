// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>

#include "sensor/base/enumeration.h"
#include "sensor/model/frame.h"

namespace telltale::capture {

// libpcap's numbers (DLT_) of one model::LinkType. Capture filters are compiled for the first.
class LibpcapTypes {
  public:
    constexpr LibpcapTypes() = default;
    constexpr LibpcapTypes(std::initializer_list<int> types) : count_(types.size()) {
        std::copy(types.begin(), types.end(), types_.begin());
    }

    [[nodiscard]] constexpr std::span<const int> all() const { return std::span(types_).first(count_); }

  private:
    std::array<int, 3> types_{};
    std::size_t count_ = 0;
};

#define TELLTALE_LIBPCAP_TYPES(link, word, ...) LibpcapTypes{__VA_ARGS__},
inline constexpr base::EnumArray<model::LinkType, LibpcapTypes> kLibpcapTypes(
    {TELLTALE_LINK_TYPES(TELLTALE_LIBPCAP_TYPES)});
#undef TELLTALE_LIBPCAP_TYPES

}  // namespace telltale::capture
