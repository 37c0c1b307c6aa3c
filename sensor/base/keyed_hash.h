// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "sensor/base/siphash.h"
#include "sensor/base/vector_hash.h"

namespace telltale::base {

// Hashes for tables whose keys strangers choose (addresses, names), keyed at random per process: nothing that is
// reported may depend on the order of such a table.
inline HashKey table_key() {
    static const HashKey key = random_hash_key();
    return key;
}

// Hashes texts with table_key(), for std::unordered_map.
struct TextHash {
    std::size_t operator()(std::string_view text) const { return siphash13(table_key(), text.data(), text.size()); }
};

// For keys that are plain data without padding: std::has_unique_object_representations holds.
template <typename Key>
struct PackedHash {
    static_assert(std::has_unique_object_representations_v<Key>);
    std::size_t operator()(const Key& key) const {
        static const VectorHash<sizeof(Key)> hash(table_key());
        return hash(&key);
    }
};

}  // namespace telltale::base
