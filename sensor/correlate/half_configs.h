// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sensor/correlate/config.h"
#include "sensor/correlate/what/partition.h"
#include "sensor/correlate/who/who.h"

namespace telltale::correlate {

Who::Config who_config(const CorrelateConfig& config);

// Tables of the whole process are divided among the partitions, rounded up; what is per device is not.
Partition::Config partition_config(const CorrelateConfig& config, std::size_t number);

}  // namespace telltale::correlate
