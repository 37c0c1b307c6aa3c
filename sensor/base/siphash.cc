// SPDX-License-Identifier: Apache-2.0
#include "sensor/base/siphash.h"

#include <sys/random.h>

#include <cstdlib>

namespace telltale::base {

HashKey random_hash_key() {
    HashKey key;
    // Once the system has booted, getrandom(2) of up to 256 bytes is neither interrupted nor cut short.
    if (getrandom(&key, sizeof key, 0) != static_cast<ssize_t>(sizeof key)) std::abort();
    return key;
}

}  // namespace telltale::base
