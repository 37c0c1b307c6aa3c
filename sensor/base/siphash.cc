// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/siphash.h"

#include <sys/random.h>

#include <cstdlib>

namespace telltale::base {

HashKey random_hash_key() {
    HashKey key;
    // getrandom(2) cannot be interrupted or come short below 256 bytes once the system has booted.
    if (getrandom(&key, sizeof key, 0) != static_cast<ssize_t>(sizeof key)) std::abort();
    return key;
}

}  // namespace telltale::base
