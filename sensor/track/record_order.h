// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>

#include "sensor/model/record.h"

namespace telltale::track {

// The order in which a consumer takes the records of several workers, so that results do not depend on their number:
// by order; an interval_end behind all else of its order; then by flow key. It is a partial order on purpose: records
// that it does not tell apart come from one worker (a flow, and a frame, has one) and stay as that worker made them, so
// merge stably. With that, a closed flow's last delta stands before the flow_start of its successor.
inline bool precedes(const model::RecordHeader& left, const model::RecordHeader& right) {
    if (left.order != right.order) return left.order < right.order;
    const bool left_ends = left.kind == model::RecordKind::interval_end;
    const bool right_ends = right.kind == model::RecordKind::interval_end;
    if (left_ends != right_ends) return right_ends;
    return std::memcmp(&left.key, &right.key, sizeof left.key) < 0;
}

}  // namespace telltale::track
