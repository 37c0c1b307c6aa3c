// SPDX-License-Identifier: Apache-2.0
#include "exporters/observations/observation_writer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "exporters/observations/notation.h"
#include "sensor/model/frame.h"

namespace telltale::observations {
namespace {

using model::Field;
using model::RecordHeader;
using model::RecordKind;
using model::RecordWriter;

class Lines final : public exporters::LineOutput {
  public:
    base::Status write_line(std::string_view line) override {
        if (fail) return base::Error{"obs.jsonl: writing failed"};
        lines.emplace_back(line);
        return base::Done{};
    }
    base::Status flush() override { return base::Done{}; }
    [[nodiscard]] bool failed() const override { return fail; }

    std::vector<std::string> lines;
    bool fail = false;
};

RecordHeader header(RecordKind kind) {
    RecordHeader header;
    header.kind = kind;
    header.order = model::Order::of_frame(49);
    header.time_ns = 1'582'454'598'000'000'042;
    header.direction = model::Direction::b_to_a;
    header.key.a = *model::parse_ip("192.168.2.1");
    header.key.b = *model::parse_ip("192.168.2.17");
    header.key.port_a = 53;
    header.key.port_b = 63'381;
    header.key.protocol = model::kProtocolUdp;
    header.source_mac = *model::parse_mac("c4:61:8b:35:82:a9");
    return header;
}

std::string id_of(const model::FlowKey& key) { return key.fragment != 0 ? "" : "1:" + std::to_string(key.port_a); }

template <typename Put>
std::string line_of(const RecordHeader& head, Put&& put) {
    model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
    RecordWriter writer(buffer, head);
    put(writer);
    EXPECT_TRUE(writer.commit());
    Lines lines;
    ObservationWriter observations(lines, id_of);
    buffer.for_each([&](std::span<const std::uint8_t> record) { observations.write(model::RecordView(record)); });
    EXPECT_TRUE(observations.finish());
    return lines.lines.empty() ? "" : lines.lines.front();
}

const std::string kHead =
    R"("ts":"1582454598.000000042","frame":49,"mac":"c4:61:8b:35:82:a9","l4":"udp","src":"192.168.2.17","sport":63381,)"
    R"("dst":"192.168.2.1","dport":53)";

std::string question(std::uint16_t type, std::string_view name) {
    std::string value(reinterpret_cast<const char*>(&type), sizeof type);
    return value.append(name);
}

std::string answer(std::uint16_t type, std::uint32_t ttl, std::string_view name, std::string_view data) {
    std::string value(reinterpret_cast<const char*>(&type), sizeof type);
    value.append(reinterpret_cast<const char*>(&ttl), sizeof ttl);
    value += static_cast<char>(name.size());
    return value.append(name).append(data);
}

TEST(ObservationWriter, Dns) {
    const std::string line = line_of(header(RecordKind::dns), [](RecordWriter& record) {
        record.put_number(Field::dns_transaction, 7700)
            .put_number(Field::dns_response, 1)
            .put(Field::dns_question, question(1, "a.example"))
            .put(Field::dns_answer, answer(5, 60, "a.example", "b.example"))
            .put(Field::dns_answer, answer(1, 30, "b.example", std::string_view("\xcb\x00\x71\x09", 4)))
            .put(Field::dns_answer, answer(28, 30, "b.example", std::string(16, '\x01')));
    });
    EXPECT_EQ(line, R"({"proto":"dns",)" + kHead +
                        R"(,"id":7700,"response":true,"queries":[{"name":"a.example","type":"A"}],"answers":[)"
                        R"({"name":"a.example","type":"CNAME","ttl":60,"data":"b.example"},)"
                        R"({"name":"b.example","type":"A","ttl":30,"addr":"203.0.113.9"},)"
                        R"({"name":"b.example","type":"AAAA","ttl":30,"addr":"101:101:101:101:101:101:101:101"}]})");
}

TEST(ObservationWriter, BrokenFieldsGiveEmptyObjects) {
    const std::string line = line_of(header(RecordKind::dns), [](RecordWriter& record) {
        record.put(Field::dns_question, std::string_view("x"));
        record.put(Field::dns_answer, answer(1, 1, "", "").substr(0, 6));
        record.put(Field::dns_answer, std::string_view("\x01\x00\x00\x00\x00\x00\xffshort", 12));
    });
    EXPECT_EQ(line, R"({"proto":"dns",)" + kHead + R"(,"queries":[{}],"answers":[{},{}]})");
}

TEST(ObservationWriter, Dhcp) {
    const std::string line = line_of(header(RecordKind::dhcp), [](RecordWriter& record) {
        record.put_number(Field::operation, 1)
            .put(Field::client_mac, std::string_view("\x00\x0b\x82\x01\xfc\x42", 6))
            .put(Field::dhcp_parameters, std::string_view("\x01\x03\x06\x2a", 4))
            .put(Field::dhcp_vendor_class, "android-dhcp-9")
            .put(Field::dhcp_host_name, std::string_view("caf\xe9\n"))
            .put(Field::dhcp_requested_ip, std::string_view("\x00\x00\x00\x00", 4))
            .put(Field::dhcp_client_id, std::string_view("\x01\x00\x0b", 3));
    });
    EXPECT_EQ(line, R"({"proto":"dhcp",)" + kHead +
                        R"(,"op":1,"client_mac":"00:0b:82:01:fc:42","fp":"1,3,6,42","vendor_class":"android-dhcp-9",)"
                        "\"hostname\":\"caf\uFFFD\\n\""
                        R"(,"requested_ip":"0.0.0.0","client_id":"01000b"})");
}

TEST(ObservationWriter, TlsAndHttp) {
    EXPECT_EQ(line_of(header(RecordKind::tls),
                      [](RecordWriter& record) {
                          record.put(Field::tls_server_name, "a.example")
                              .put(Field::tls_alpn, "h2")
                              .put(Field::tls_ja4, "t13d")
                              .put(Field::tls_alpn, "http/1.1")
                              .put_number(Field::tls_ech, 1);
                      }),
              R"({"proto":"tls",)" + kHead + R"(,"sni":"a.example","alpn":["h2","http/1.1"],"ja4":"t13d","ech":true})");
    const std::string agent(1000, 'u');
    RecordHeader cut = header(RecordKind::http);
    cut.truncated = true;
    EXPECT_EQ(
        line_of(
            cut,
            [&](RecordWriter& record) { record.put(Field::service_name, "a.example").put(Field::user_agent, agent); }),
        R"({"proto":"http",)" + kHead + R"(,"host":"a.example","user_agent":")" + agent + R"(","truncated":true})");
}

TEST(ObservationWriter, Flow) {
    RecordHeader head = header(RecordKind::flow_delta);
    head.vlan = {100, 7};
    head.vlan_count = 2;
    model::FlowDelta delta;
    delta.packets = {1, 2};
    delta.bytes = {40, 1500};
    delta.payload_bytes = {0, 1400};
    delta.first_ns = 1;
    delta.last_ns = 1'000'000'001;
    delta.final = true;
    const auto put = [&](RecordWriter& record) { record.put_flow_delta(delta); };
    EXPECT_EQ(
        line_of(head, put),
        R"({"proto":"flow","ts":"1582454598.000000042","frame":49,"vlan":[100,7],"l4":"udp","src":"192.168.2.1",)"
        R"("sport":53,"dst":"192.168.2.17","dport":63381,"community_id":"1:53","pkts_ab":1,"pkts_ba":2,"bytes_ab":40,"bytes_ba":1500,)"
        R"("payload_ab":0,"payload_ba":1400,"first":"0.000000001","last":"1.000000001","final":true})");
    head.key.fragment = 1;
    head.key.port_a = head.key.port_b = 0;
    const std::string fragment = line_of(head, put);
    EXPECT_NE(fragment.find(R"("l4":"fragment","src":"192.168.2.1","dst")"), std::string::npos) << fragment;
    EXPECT_EQ(fragment.find("community_id"), std::string::npos) << fragment;
}

TEST(ObservationWriter, EachSenderOnce) {
    model::RecordBuffer buffer(4 * model::kMaxRecordBytes);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(RecordWriter(buffer, header(RecordKind::sender)).commit());
    Lines lines;
    ObservationWriter writer(lines, id_of);
    buffer.for_each([&](std::span<const std::uint8_t> record) { writer.write(model::RecordView(record)); });
    ASSERT_EQ(lines.lines.size(), 1U);
    EXPECT_EQ(lines.lines[0], R"({"proto":"device","ts":"1582454598.000000042","frame":49,"mac":"c4:61:8b:35:82:a9"})");
}

TEST(ObservationWriter, EachBindingOfArpOnce) {
    model::RecordBuffer buffer(16 * model::kMaxRecordBytes);
    for (const char* address : {"10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.2"}) {
        RecordWriter writer(buffer, header(RecordKind::arp));
        writer.put(Field::client_mac, base::Bytes(header(RecordKind::arp).source_mac.bytes))
            .put(Field::ip_address, model::parse_ip(address)->raw());
        ASSERT_TRUE(writer.commit());
    }
    Lines lines;
    ObservationWriter writer(lines, id_of);
    buffer.for_each([&](std::span<const std::uint8_t> record) { writer.write(model::RecordView(record)); });
    ASSERT_EQ(lines.lines.size(), 2U);
    EXPECT_NE(lines.lines[0].find("10.0.0.1"), std::string::npos) << lines.lines[0];
    EXPECT_NE(lines.lines[1].find("10.0.0.2"), std::string::npos) << lines.lines[1];
}

TEST(ObservationWriter, InnerRecordsAreNotWritten) {
    for (const RecordKind kind : {RecordKind::flow_start, RecordKind::flow_unnamed, RecordKind::interval_end}) {
        EXPECT_EQ(line_of(header(kind), [](RecordWriter&) {}), "");
    }
}

TEST(ObservationWriter, KeepsTheFirstError) {
    model::RecordBuffer buffer(2 * model::kMaxRecordBytes);
    ASSERT_TRUE(RecordWriter(buffer, header(RecordKind::tls)).commit());
    Lines lines;
    lines.fail = true;
    ObservationWriter writer(lines, id_of);
    buffer.for_each([&](std::span<const std::uint8_t> record) { writer.write(model::RecordView(record)); });
    ASSERT_FALSE(writer.finish());
    EXPECT_EQ(writer.status().error().text, "obs.jsonl: writing failed");
}

TEST(ObservationNotation, NamesAndNumbers) {
    EXPECT_EQ(dns_type_name(65), "HTTPS");
    EXPECT_EQ(dns_type_name(65'280), "TYPE65280");
    EXPECT_EQ(seconds(-1), "-0.000000001");
    EXPECT_EQ(seconds(0), "0.000000000");
    model::FlowKey key;
    key.protocol = 89;
    EXPECT_EQ(l4_name(key), "proto89");
    key.protocol = model::kProtocolIcmpV6;
    EXPECT_EQ(l4_name(key), "icmpv6");
}

}  // namespace
}  // namespace telltale::observations
