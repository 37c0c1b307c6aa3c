// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace telltale::correlate {

// How much may be on its way between who's thread and the partitions' threads. Results do not depend on it.
struct Rounds {
    std::size_t count = 8;                        // that are filled or in work; rounded up to a power of two
    std::size_t bytes = std::size_t{128} * 1024;  // of messages, from which a round ends with its frame
    std::size_t events = 1024;                    // per partition, made and not yet handed on
};

}  // namespace telltale::correlate
