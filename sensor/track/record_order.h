// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#include "sensor/model/record.h"

namespace telltale::track {

// Returns the place of a record among those of its order: a flow_start first, a flow_delta by the time of its first
// packet. Workers make them nearly in this order.
inline std::int64_t place_in_order(const model::RecordView& record) {
    return record.header().kind == model::RecordKind::flow_delta ? record.flow_delta().first_ns : INT64_MIN;
}

// The order in which a consumer takes the records of several workers, so that results do not depend on their number:
// by order; within an order an interval_end last, others by place, then by flow key. It is a partial order on purpose:
// records that it does not separate come from one worker (a flow, and a frame, has one) and keep that worker's order,
// so merge stably.
inline bool precedes(const model::RecordView& left, const model::RecordView& right) {
    const model::RecordHeader& l = left.header();
    const model::RecordHeader& r = right.header();
    if (l.order != r.order) return l.order < r.order;
    const bool left_ends = l.kind == model::RecordKind::interval_end;
    const bool right_ends = r.kind == model::RecordKind::interval_end;
    if (left_ends != right_ends) return right_ends;
    const std::int64_t left_place = place_in_order(left), right_place = place_in_order(right);
    if (left_place != right_place) return left_place < right_place;
    return std::memcmp(&l.key, &r.key, sizeof l.key) < 0;
}

}  // namespace telltale::track
