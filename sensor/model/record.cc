// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>

namespace telltale::model {
namespace {

constexpr std::array<std::string_view, kRecordKindCount> kKindNames = {
#define X(kind, observation, help) #kind,
    TELLTALE_RECORD_KINDS(X)
#undef X
};
constexpr std::array<std::string_view, kRecordKindCount> kObservationNames = {
#define X(kind, observation, help) observation,
    TELLTALE_RECORD_KINDS(X)
#undef X
};

}  // namespace

static_assert(std::is_trivially_copyable_v<RecordHeader>);
static_assert(alignof(RecordHeader) == padded_record(1));
static_assert(std::is_trivially_copyable_v<FlowDelta>);

std::string_view to_string(RecordKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::string_view observation_name(RecordKind kind) { return kObservationNames[static_cast<std::size_t>(kind)]; }

base::Bytes RecordView::field(Field wanted) const {
    std::size_t at = sizeof(RecordHeader);
    Field field{};
    base::Bytes value;
    while (next(at, field, value)) {
        if (field == wanted) return value;
    }
    return {};
}

bool RecordView::has(Field wanted) const {
    std::size_t at = sizeof(RecordHeader);
    Field field{};
    base::Bytes value;
    while (next(at, field, value)) {
        if (field == wanted) return true;
    }
    return false;
}

std::uint64_t RecordView::number(Field wanted) const {
    const base::Bytes value = field(wanted);
    std::uint64_t number = 0;
    if (!value.empty()) std::memcpy(&number, value.data(), std::min(value.size(), sizeof number));
    return number;
}

FlowDelta RecordView::flow_delta() const {
    FlowDelta delta;
    const base::Bytes value = field(Field::flow_delta);
    if (value.size() == sizeof delta) std::memcpy(&delta, value.data(), sizeof delta);
    return delta;
}

RecordBuffer::RecordBuffer(std::size_t capacity_bytes)
    : capacity_(capacity_bytes), storage_(new std::uint8_t[capacity_bytes]()) {}

RecordWriter::RecordWriter(RecordBuffer& buffer, const RecordHeader& header) : buffer_(buffer), header_(header) {
    ok_ = buffer.left() >= kMaxRecordBytes;
    if (ok_) start_ = buffer.storage_.get() + buffer.used_;
}

RecordWriter& RecordWriter::put(Field field, base::Bytes value) {
    if (!ok_) return *this;
    std::size_t size = value.size();
    if (size_ + kFieldHead + size > kMaxRecordBytes) {
        header_.truncated = true;
        const FieldType type = info(field).type;
        const bool cuttable = type == FieldType::text || type == FieldType::octets || type == FieldType::number_list;
        if (!cuttable || size_ + kFieldHead >= kMaxRecordBytes) return *this;
        size = kMaxRecordBytes - size_ - kFieldHead;
    }
    const std::uint16_t head[2] = {static_cast<std::uint16_t>(field), static_cast<std::uint16_t>(size)};
    std::memcpy(start_ + size_, head, sizeof head);
    if (size != 0) std::memcpy(start_ + size_ + kFieldHead, value.data(), size);
    size_ += kFieldHead + size;
    return *this;
}

RecordWriter& RecordWriter::put_number(Field field, std::uint64_t value) {
    std::uint8_t raw[8];
    std::memcpy(raw, &value, sizeof raw);
    const auto bits = static_cast<std::size_t>(std::bit_width(value | 1));
    return put(field, base::Bytes(raw, (bits + 7) / 8));
}

RecordWriter& RecordWriter::put_flow_delta(const FlowDelta& delta) {
    std::uint8_t raw[sizeof delta];
    std::memcpy(raw, &delta, sizeof delta);
    return put(Field::flow_delta, base::Bytes(raw, sizeof raw));
}

bool RecordWriter::commit() {
    if (!ok_) return false;
    header_.size = static_cast<std::uint32_t>(size_);
    std::memcpy(start_, &header_, sizeof header_);
    buffer_.used_ += padded_record(size_);
    ok_ = false;
    return true;
}

}  // namespace telltale::model
