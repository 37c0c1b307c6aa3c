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
    void on_new_device(const Moment& at, const Device& device);
    void on_new_mac(const Moment& at, DeviceIndex device, const model::MacAddress& mac);
    void on_new_address(const Moment& at, DeviceIndex device, const model::IpAddress& address);
    void on_lost_address(const Moment& at, DeviceIndex device, const model::IpAddress& address);
    void on_router(const Moment& at, DeviceIndex device);
    void on_presence(const Moment& at, DeviceIndex device, std::int64_t seen_ns);
    void on_flow(const Moment& at, const FlowOpened& opened);
    void on_record(const Moment& at, const Seen& seen, const model::RecordView& record);
    void close_interval(const Moment& at, bool last);

    [[nodiscard]] std::size_t size_bytes() const { return bytes_.size(); }
    void clear() { bytes_.clear(); }

    // Makes the calls again, in order.
    void replay(Partition& partition) const;

  private:
    struct Head;
    struct DeviceChange;
    struct Record;

    template <typename Body>
    void put(std::uint32_t kind, const Moment& at, const Body& body, base::Bytes tail = {});
    void replay_one(const Head& head, const std::uint8_t* body, Partition& partition) const;

    std::vector<std::uint8_t> bytes_;  // messages one behind the other, each at a multiple of 8
};

}  // namespace telltale::correlate
