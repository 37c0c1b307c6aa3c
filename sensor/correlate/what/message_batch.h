// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sensor/base/byte_reader.h"
#include "sensor/correlate/who/receiver.h"

namespace telltale::correlate {

class Partition;

// Messages of who for one partition, as bytes: written by who's thread, then replayed by the partition's. Records are
// copied, because who's are borrowed. Grows as needed and keeps its memory.
class MessageBatch {
  public:
    void on_change(const Moment& at, const DeviceChange& change);
    void on_flow(const Moment& at, const FlowOpened& opened);
    void on_record(const Moment& at, const Seen& seen, const model::RecordView& record);
    void close_interval(const Moment& at, bool last);

    [[nodiscard]] std::size_t size_bytes() const { return bytes_.size(); }
    void clear() { bytes_.clear(); }

    // Makes the calls again, in order.
    void replay(Partition& partition) const;

  private:
    enum class Kind : std::uint32_t { change, flow, record, interval_end };
    struct Head;
    struct Record;

    template <typename Body>
    void put(Kind kind, const Moment& at, const Body& body, base::Bytes tail = {});
    void replay_one(const Head& head, const std::uint8_t* body, Partition& partition) const;

    std::vector<std::uint8_t> bytes_;  // messages one behind the other, each at a multiple of 8
};

}  // namespace telltale::correlate
