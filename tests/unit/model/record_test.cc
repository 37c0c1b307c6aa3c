// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/record.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace telltale::model {
namespace {

RecordHeader header_of(RecordKind kind, std::uint64_t frame) {
    RecordHeader header;
    header.kind = kind;
    header.order = Order::of_frame(frame);
    return header;
}

TEST(Record, FieldsComeBackAsTheyWerePut) {
    RecordBuffer buffer(16 * 1024);
    RecordWriter writer(buffer, header_of(RecordKind::tls, 7));
    writer.put(Field::tls_server_name, "a.example")
        .put(Field::tls_alpn, "h2")
        .put(Field::tls_alpn, "http/1.1")
        .put_number(Field::tls_version, 0x0303)
        .put_number(Field::tls_ech, 0);
    ASSERT_TRUE(writer.commit());

    std::size_t records = 0;
    buffer.for_each([&](std::span<std::uint8_t> bytes) {
        ++records;
        const RecordView record(bytes);
        EXPECT_EQ(record.header().kind, RecordKind::tls);
        EXPECT_EQ(record.header().order, Order::of_frame(7));
        EXPECT_EQ(record.text(Field::tls_server_name), "a.example");
        EXPECT_EQ(record.number(Field::tls_version), 0x0303u);
        EXPECT_TRUE(record.has(Field::tls_ech));
        EXPECT_EQ(record.number(Field::tls_ech), 0u);
        EXPECT_FALSE(record.has(Field::service_name));
        EXPECT_EQ(record.text(Field::service_name), "");
        std::vector<std::string> alpn;
        record.for_each([&](Field field, base::Bytes value) {
            if (field == Field::tls_alpn) alpn.emplace_back(base::as_text(value));
        });
        EXPECT_EQ(alpn, (std::vector<std::string>{"h2", "http/1.1"}));
    });
    EXPECT_EQ(records, 1u);
}

TEST(Record, LongTextIsCutAndMarked) {
    RecordBuffer buffer(16 * 1024);
    RecordWriter writer(buffer, header_of(RecordKind::http, 1));
    writer.put(Field::target, std::string(10'000, 'x')).put(Field::service_name, "late.example");
    ASSERT_TRUE(writer.commit());
    buffer.for_each([&](std::span<std::uint8_t> bytes) {
        const RecordView record(bytes);
        EXPECT_TRUE(record.header().truncated);
        EXPECT_EQ(record.header().size, kMaxRecordBytes);
        EXPECT_GT(record.text(Field::target).size(), 3000u);
    });
}

TEST(Record, AnUncommittedOrRefusedRecordLeavesNothing) {
    RecordBuffer buffer(kMaxRecordBytes + 64);
    { RecordWriter writer(buffer, header_of(RecordKind::dns, 1)); }
    EXPECT_TRUE(buffer.empty());
    RecordWriter first(buffer, header_of(RecordKind::dns, 1));
    EXPECT_TRUE(first.commit());
    RecordWriter second(buffer, header_of(RecordKind::dns, 2));
    EXPECT_FALSE(second.ok()) << "no room for a whole record";
    EXPECT_FALSE(second.put(Field::service_name, "x").commit());
    std::size_t records = 0;
    buffer.for_each([&](std::span<std::uint8_t>) { ++records; });
    EXPECT_EQ(records, 1u);
}

TEST(Record, FieldsBeyondTheRecordAreNotBelieved) {
    RecordBuffer buffer(16 * 1024);
    RecordWriter writer(buffer, header_of(RecordKind::dns, 1));
    writer.put(Field::service_name, "abcdef");
    ASSERT_TRUE(writer.commit());
    std::vector<std::uint8_t> bytes(buffer.bytes().begin(), buffer.bytes().end());
    bytes.resize(sizeof(RecordHeader) + 4 + 3);  // the field claims 6 bytes, 3 are there
    EXPECT_FALSE(RecordView(bytes).has(Field::service_name));
}

TEST(Record, FlowDeltaGoesBothWays) {
    RecordBuffer buffer(16 * 1024);
    FlowDelta delta;
    delta.bytes = {1, 2};
    delta.packets = {3, 4};
    delta.final = true;
    RecordWriter writer(buffer, header_of(RecordKind::flow_delta, 1));
    writer.put_flow_delta(delta);
    ASSERT_TRUE(writer.commit());
    buffer.for_each([&](std::span<std::uint8_t> bytes) {
        const FlowDelta got = RecordView(bytes).flow_delta();
        EXPECT_EQ(got.bytes, delta.bytes);
        EXPECT_EQ(got.packets, delta.packets);
        EXPECT_TRUE(got.final);
    });
}

}  // namespace
}  // namespace telltale::model
