// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sensor/base/result.h"
#include "sensor/model/dataset.h"

namespace telltale::exporters {

// The order of storing, over all topics: 1, 2, 3 ... 0 is before the first. Within a topic's log it is an event's
// place.
using Position = std::uint64_t;

// An event as it leaves: rendered once, and what its delivery needs beside the text. Sensor, boot and event.id are in
// the text, so that a repeat is the same event, also after a restart.
struct Envelope {
    model::Dataset dataset = model::Dataset::health;
    std::uint64_t sequence = 0;    // event.sequence: in its topic and boot, from 1
    Position position = 0;         // given by the store
    std::int64_t created_ns = 0;   // event.created
    std::int64_t received_ns = 0;  // when its packet was received, wall clock; 0: a store that did not keep it
    std::string key;               // what keeps order: events of one topic and key are delivered in order
    std::string json;              // one object, without a line feed

    [[nodiscard]] model::Topic topic() const { return model::kTopicOf[dataset]; }
    // The beginning of the delay that ends with its acknowledgement.
    [[nodiscard]] std::int64_t delayed_since_ns() const { return received_ns != 0 ? received_ns : created_ns; }
    // The bytes that a store's limits count.
    [[nodiscard]] std::size_t bytes() const { return key.size() + json.size(); }
};

// As a store hands it out: shared, so that several readers need no copies.
using StoredEnvelope = std::shared_ptr<const Envelope>;

// Consumes events in batches, in the order of storing. One thread, its reader's. An error means that nothing of the
// batch may be acknowledged, and that the sink will not recover by itself.
class EnvelopeSink {
  public:
    virtual ~EnvelopeSink() = default;
    virtual base::Status consume(std::span<const StoredEnvelope> batch) = 0;
    // Writes what is buffered: at the end, and when the reader idles.
    virtual base::Status flush() { return base::Done{}; }
};

}  // namespace telltale::exporters
