// SPDX-License-Identifier: Apache-2.0
// The whole way of fragments: what they say is read, they are counted once, and all workers agree.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sensor/pipeline/pipeline.h"
#include "tests/support/dns_message.h"
#include "tests/support/http_message.h"
#include "tests/unit/pipeline/frame_list.h"
#include "tests/unit/pipeline/pipeline_harness.h"

namespace telltale::pipeline {
namespace {

using model::Field;
using model::RecordKind;
using support::Bytes;
using support::Packet;

struct Outcome {
    std::vector<std::string> records;  // as text, without what names a worker
    std::vector<std::string> questions;
    std::vector<std::string> agents;
    std::uint64_t packets = 0;  // of all deltas
    std::uint64_t bytes = 0;
    PipelineTotals totals;
};

std::string text_of(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    std::string text(to_string(header.kind));
    text += " " + std::to_string(header.order.value()) + " " + std::to_string(header.time_ns);
    text += " " + model::to_string(header.source()) + ":" + std::to_string(header.source_port());
    text += " " + model::to_string(header.destination()) + ":" + std::to_string(header.destination_port());
    record.for_each([&](Field field, base::Bytes value) {
        text += " " + std::to_string(static_cast<unsigned>(field)) + "=" + std::string(base::as_text(value));
    });
    return text;
}

Outcome run(const std::vector<Packet>& packets, std::size_t workers) {
    Outcome outcome;
    Watcher consumer([&outcome](const model::RecordView& record) {
        // Each worker reports a sender that is new to it, so there may be repeats.
        if (record.header().kind != RecordKind::sender) outcome.records.push_back(text_of(record));
        if (record.header().kind == RecordKind::http) outcome.agents.emplace_back(record.text(Field::user_agent));
        if (record.header().kind == RecordKind::dns) {
            outcome.questions.emplace_back(base::as_text(record.field(Field::dns_question)));
        }
        if (record.header().kind != RecordKind::flow_delta) return;
        const model::FlowDelta delta = record.flow_delta();
        outcome.packets += delta.packets[0] + delta.packets[1];
        outcome.bytes += delta.bytes[0] + delta.bytes[1];
    });
    PipelineConfig config;
    config.workers = workers;
    config.policy = policy_for_files(workers);
    config.tracking.flows = 1024;
    const auto pipeline = make_pipeline(config, consumer);
    FrameList list(packets);
    EXPECT_TRUE(pipeline->run(list));
    outcome.totals = pipeline->figures().total;
    return outcome;
}

Packet head(const std::string& client) {
    return Packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4(client, "192.0.2.7");
}
// Returns the bytes after a packet's IP header.
Bytes behind_ip(const Packet& packet) {
    const Bytes bytes = packet.bytes();
    return {bytes.begin() + 34, bytes.end()};
}

Bytes query(const std::string& client, std::uint16_t port) {
    support::DnsMessage message(port);
    message.question("a.rather.long.name.for.a.fragment.example.com", support::DnsType::a).edns(1232);
    return behind_ip(head(client).udp(port, 53).payload(message.bytes()));
}
Bytes request(const std::string& client, std::uint16_t port) {
    support::HttpRequest message;
    message.host = "www.example.com";
    message.user_agent = "Dalvik/2.1.0 (Linux; U; Android 13; 2201116SG)";
    return behind_ip(head(client).tcp(port, 80).seq(1).ack(1).psh().payload(message.bytes()));
}

// Many conversations, so that with several workers the fragments of some are spread over two.
std::vector<Packet> stream(std::size_t fragment_bytes) {
    std::vector<Packet> packets;
    std::uint64_t time_ns = 0;
    for (std::uint16_t i = 0; i < 50; ++i) {
        const auto port = static_cast<std::uint16_t>(40000 + i);
        const std::string client = "10.0.1." + std::to_string(i + 1);
        for (const std::uint8_t protocol : {model::kProtocolUdp, model::kProtocolTcp}) {
            const Packet from = head(client).ip_id(i).at(time_ns += 100'000'000);
            const Bytes payload = protocol == model::kProtocolUdp ? query(client, port) : request(client, port);
            std::vector<Packet> fragments = ipv4_fragments(from, protocol, payload, fragment_bytes);
            if (i % 2 == 1) std::reverse(fragments.begin(), fragments.end());
            packets.insert(packets.end(), fragments.begin(), fragments.end());
        }
    }
    return packets;
}

TEST(Fragments, SayWhatTheWholeDatagramSays) {
    const Outcome whole = run(stream(2048), 1);
    ASSERT_EQ(whole.questions.size(), 50U);
    ASSERT_EQ(whole.agents.size(), 50U);
    EXPECT_EQ(whole.totals.defragment.fragments, 0U);
    for (const std::size_t size : {std::size_t{8}, std::size_t{24}, std::size_t{40}}) {
        SCOPED_TRACE(size);
        const std::vector<Packet> packets = stream(size);
        std::uint64_t bytes = 0;
        for (const Packet& packet : packets) bytes += packet.frame().ip_length;
        const Outcome one = run(packets, 1);
        EXPECT_EQ(one.questions, whole.questions);
        EXPECT_EQ(one.agents, whole.agents);
        EXPECT_EQ(one.packets, packets.size()) << "every fragment once, the datagram not again";
        EXPECT_EQ(one.bytes, bytes);
        EXPECT_EQ(one.totals.worker.frames, packets.size());
        EXPECT_EQ(one.totals.decode.frames(), packets.size());
        EXPECT_EQ(one.totals.decode.reassembled_datagrams, 100U);
        EXPECT_EQ(one.totals.defragment.datagrams_completed, 100U);
        EXPECT_EQ(one.totals.decode.bad_transport_checksums, 0U);
        for (const std::size_t workers : {std::size_t{2}, std::size_t{4}}) {
            const Outcome several = run(packets, workers);
            EXPECT_EQ(several.records, one.records) << workers << " workers";
            EXPECT_EQ(several.totals.worker.frames, packets.size());
            EXPECT_EQ(several.totals.decode.reassembled_datagrams, 100U);
        }
    }
}

TEST(Fragments, SayNothingAlone) {
    std::vector<Packet> packets = ipv4_fragments(head("10.0.0.1"), model::kProtocolUdp, query("10.0.0.1", 40000), 56);
    packets.pop_back();
    const Outcome outcome = run(packets, 1);
    EXPECT_TRUE(outcome.questions.empty());
    EXPECT_EQ(outcome.packets, packets.size());
    EXPECT_EQ(outcome.totals.defragment.datagrams_pending, 1U);
}

}  // namespace
}  // namespace telltale::pipeline
