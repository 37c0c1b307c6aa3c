// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/message_batch.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <type_traits>

#include "sensor/correlate/what/partition.h"

namespace telltale::correlate {
namespace {

enum Kind : std::uint32_t {
    kNewDevice,
    kNewMac,
    kNewAddress,
    kLostAddress,
    kRouter,
    kPresence,
    kFlow,
    kRecord,
    kIntervalEnd
};

constexpr std::size_t padded(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

template <typename Body>
Body read(const std::uint8_t* from) {
    static_assert(std::is_trivially_copyable_v<Body>);
    Body body;
    std::memcpy(&body, from, sizeof body);
    return body;
}

}  // namespace

struct MessageBatch::Head {
    std::uint32_t kind = 0;
    std::uint32_t size = 0;  // of the whole message, padding included
    Moment at;
};

// The members that the kind needs.
struct MessageBatch::DeviceChange {
    DeviceIndex device = kNoDevice;
    model::MacAddress mac;
    model::IpAddress address;
    std::int64_t time_ns = 0;
    std::array<char, 32> id{};
};

struct MessageBatch::Record {
    Seen seen;
    std::uint32_t size = 0;  // of the record, which follows
};

template <typename Body>
void MessageBatch::put(std::uint32_t kind, const Moment& at, const Body& body, base::Bytes tail) {
    static_assert(std::is_trivially_copyable_v<Body>);
    const std::size_t tail_at = sizeof(Head) + padded(sizeof body);
    const Head head{kind, static_cast<std::uint32_t>(padded(tail_at + tail.size())), at};
    const std::size_t start = bytes_.size();
    bytes_.resize(start + head.size);
    std::uint8_t* const to = bytes_.data() + start;
    std::memcpy(to, &head, sizeof head);
    std::memcpy(to + sizeof head, &body, sizeof body);
    if (!tail.empty()) std::memcpy(to + tail_at, tail.data(), tail.size());
}

void MessageBatch::on_new_device(const Moment& at, const Device& device) {
    DeviceChange change{device.index, {}, {}, device.first_seen_ns, {}};
    assert(device.id.size() == change.id.size());
    std::copy_n(device.id.begin(), std::min(device.id.size(), change.id.size()), change.id.begin());
    put(kNewDevice, at, change);
}
void MessageBatch::on_new_mac(const Moment& at, DeviceIndex device, const model::MacAddress& mac) {
    put(kNewMac, at, DeviceChange{device, mac, {}, 0, {}});
}
void MessageBatch::on_new_address(const Moment& at, DeviceIndex device, const model::IpAddress& address) {
    put(kNewAddress, at, DeviceChange{device, {}, address, 0, {}});
}
void MessageBatch::on_lost_address(const Moment& at, DeviceIndex device, const model::IpAddress& address) {
    put(kLostAddress, at, DeviceChange{device, {}, address, 0, {}});
}
void MessageBatch::on_router(const Moment& at, DeviceIndex device) {
    put(kRouter, at, DeviceChange{device, {}, {}, 0, {}});
}
void MessageBatch::on_presence(const Moment& at, DeviceIndex device, std::int64_t seen_ns) {
    put(kPresence, at, DeviceChange{device, {}, {}, seen_ns, {}});
}
void MessageBatch::on_flow(const Moment& at, const FlowOpened& opened) { put(kFlow, at, opened); }
void MessageBatch::on_record(const Moment& at, const Seen& seen, const model::RecordView& record) {
    const base::Bytes bytes = record.bytes();
    put(kRecord, at, Record{seen, static_cast<std::uint32_t>(bytes.size())}, bytes);
}
void MessageBatch::close_interval(const Moment& at, bool last) { put(kIntervalEnd, at, last); }

void MessageBatch::replay(Partition& partition) const {
    for (std::size_t at = 0; at < bytes_.size();) {
        const auto head = read<Head>(bytes_.data() + at);
        replay_one(head, bytes_.data() + at + sizeof head, partition);
        at += head.size;
    }
}

void MessageBatch::replay_one(const Head& head, const std::uint8_t* body, Partition& partition) const {
    if (head.kind == kRecord) {
        const auto record = read<Record>(body);
        const std::span<const std::uint8_t> bytes(body + padded(sizeof record), record.size);
        return partition.on_record(head.at, record.seen, model::RecordView(bytes));
    }
    if (head.kind == kFlow) return partition.on_flow(head.at, read<FlowOpened>(body));
    if (head.kind == kIntervalEnd) return partition.close_interval(head.at, read<bool>(body));
    const auto change = read<DeviceChange>(body);
    switch (static_cast<Kind>(head.kind)) {
        case kNewDevice: {
            Device device;
            device.index = change.device;
            device.id.assign(change.id.begin(), change.id.end());
            device.first_seen_ns = change.time_ns;
            return partition.on_new_device(head.at, device);
        }
        case kNewMac: return partition.on_new_mac(head.at, change.device, change.mac);
        case kNewAddress: return partition.on_new_address(head.at, change.device, change.address);
        case kLostAddress: return partition.on_lost_address(head.at, change.device, change.address);
        case kRouter: return partition.on_router(head.at, change.device);
        case kPresence: return partition.on_presence(head.at, change.device, change.time_ns);
        case kFlow:
        case kRecord:
        case kIntervalEnd: return;
    }
}

}  // namespace telltale::correlate
