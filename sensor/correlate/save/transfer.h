// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "sensor/correlate/save/saved.h"
#include "sensor/correlate/what/partition.h"
#include "sensor/correlate/who/who.h"

namespace telltale::correlate {

// Reads what the two halves know. Nobody may work on the partitions meanwhile. Leaves site and segments empty.
SavedState take_state(const Who& who, std::span<const std::unique_ptr<Partition>> partitions);

// Hands it to two halves that have seen no record yet.
void give_state(const SavedState& state, Who& who, std::span<const std::unique_ptr<Partition>> partitions,
                const signatures::Bundle& bundle);

}  // namespace telltale::correlate
