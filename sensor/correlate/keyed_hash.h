// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "sensor/base/siphash.h"
#include "sensor/base/vector_hash.h"
#include "sensor/model/addresses.h"

namespace telltale::correlate {

// Hashes for tables whose keys strangers choose (addresses, names). The key is the process's random one: the order of
// such a table means nothing, and nothing that is reported may depend on it.
inline base::HashKey table_key() {
    static const base::HashKey key = base::random_hash_key();
    return key;
}

struct TextHash {
    std::size_t operator()(std::string_view text) const {
        return base::siphash13(table_key(), text.data(), text.size());
    }
};

// For keys that are plain data without padding: std::has_unique_object_representations holds.
template <typename Key>
struct PackedHash {
    static_assert(std::has_unique_object_representations_v<Key>);
    std::size_t operator()(const Key& key) const {
        static const base::VectorHash<sizeof(Key)> hash(table_key());
        return hash(&key);
    }
};

using IpHash = PackedHash<model::IpAddress>;

}  // namespace telltale::correlate
