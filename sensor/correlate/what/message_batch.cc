// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/message_batch.h"

#include <cstring>
#include <type_traits>

#include "sensor/correlate/what/partition.h"

namespace telltale::correlate {
namespace {

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
    Kind kind = Kind::change;
    std::uint32_t size = 0;  // of the whole message, padding included
    Moment at;
};

struct MessageBatch::Record {
    Seen seen;
    std::uint32_t size = 0;  // of the record, which follows
};

template <typename Body>
void MessageBatch::put(Kind kind, const Moment& at, const Body& body, base::Bytes tail) {
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

void MessageBatch::on_change(const Moment& at, const DeviceChange& change) { put(Kind::change, at, change); }
void MessageBatch::on_flow(const Moment& at, const FlowOpened& opened) { put(Kind::flow, at, opened); }
void MessageBatch::on_record(const Moment& at, const Seen& seen, const model::RecordView& record) {
    const base::Bytes bytes = record.bytes();
    put(Kind::record, at, Record{seen, static_cast<std::uint32_t>(bytes.size())}, bytes);
}
void MessageBatch::close_interval(const Moment& at, bool last) { put(Kind::interval_end, at, last); }

void MessageBatch::replay(Partition& partition) const {
    for (std::size_t at = 0; at < bytes_.size();) {
        const auto head = read<Head>(bytes_.data() + at);
        replay_one(head, bytes_.data() + at + sizeof head, partition);
        at += head.size;
    }
}

void MessageBatch::replay_one(const Head& head, const std::uint8_t* body, Partition& partition) const {
    switch (head.kind) {
        case Kind::change: return partition.on_change(head.at, read<DeviceChange>(body));
        case Kind::flow: return partition.on_flow(head.at, read<FlowOpened>(body));
        case Kind::interval_end: return partition.close_interval(head.at, read<bool>(body));
        case Kind::record: {
            const auto record = read<Record>(body);
            const std::span<const std::uint8_t> bytes(body + padded(sizeof record), record.size);
            return partition.on_record(head.at, record.seen, model::RecordView(bytes));
        }
    }
}

}  // namespace telltale::correlate
