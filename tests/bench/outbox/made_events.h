// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "exporters/ecs/json_format.h"
#include "exporters/envelope.h"

namespace telltale::bench {

// Events like those of a large site, in the mixture of a day: 20,000 devices, 300 owners, 60,000 names, popular ones
// far more often. The same number gives the same event. Terms that are rare, that only the beginning has, and that
// exist once are in tests/bench/outbox/questions.py.
class MadeEvents {
  public:
    // `count` events, `span_ns` from the first to the last, which is created at `end_ns` (wall clock).
    MadeEvents(std::uint64_t count, std::int64_t span_ns, std::int64_t end_ns);

    // Event `number` from 1, without its position; `sequence` in its topic.
    exporters::Envelope make(std::uint64_t number, std::uint64_t sequence);
    [[nodiscard]] static model::Dataset dataset_of(std::uint64_t number);

  private:
    model::Event event_of(std::uint64_t number) const;

    const std::uint64_t count_;
    const std::int64_t span_ns_;
    const std::int64_t end_ns_;
    ecs::JsonFormat format_;
};

}  // namespace telltale::bench
