// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::model {

// A row of what the sensor knows and needs again after a restart. The latest row of a kind and key holds.
struct StateRow {
    std::string_view kind;  // a literal: "device", "contact", ...
    std::string key;        // unique in its kind
    std::string line;       // a JSON object; empty: there is no such row any more
    bool reports = false;   // says that something was reported: not kept without the event that reports it
};
using StateRows = std::vector<StateRow>;

// Takes a row. Returns whether it wants more now.
using TakeRow = std::function<bool(StateRow&& row)>;

// Rows of an earlier run: calls visit(line) for each row of the kind, in any order.
using ReadRows = std::function<void(std::string_view kind, const std::function<void(std::string_view line)>& visit)>;

}  // namespace telltale::model
