// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace telltale::kafka {

// The part that the exporter reads of the statistics of one producer (librdkafka's STATISTICS.md). A value.
struct Statistics {
    std::set<std::int32_t> brokers_known;  // by node
    std::set<std::int32_t> brokers_up;
    std::uint64_t queued_messages = 0;
    std::uint64_t queued_bytes = 0;
    std::vector<std::int32_t> leaderless;  // partitions without a leader that messages wait for
};

// Nullopt if the text is not as expected.
std::optional<Statistics> parse_statistics(std::string_view json);

}  // namespace telltale::kafka
