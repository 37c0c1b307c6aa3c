// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sensor/pipeline/pipeline.h"
#include "tests/support/dns_message.h"
#include "tests/support/packet_builder.h"

namespace telltale::pipeline {

inline std::shared_ptr<const match::CompiledSignatures> no_signatures() {
    auto compiled = match::compile(std::make_shared<const signatures::Bundle>(), {});
    if (!compiled) throw std::runtime_error(compiled.error().text);
    return *compiled;
}

inline constexpr PipelinePolicy kFile{Threading::inline_worker, WhenFull::wait};
inline constexpr PipelinePolicy kPort{Threading::own_source, WhenFull::drop};

inline std::unique_ptr<Pipeline> make_pipeline(PipelineConfig config, RecordConsumer& consumer) {
    config.tracking.stream_buffers = 16;
    auto pipeline = Pipeline::create(std::move(config), no_signatures(), consumer);
    if (!pipeline) throw std::runtime_error(pipeline.error().text);
    return std::move(*pipeline);
}

// Hands each record to a function.
class Watcher final : public RecordConsumer {
  public:
    explicit Watcher(std::function<void(const model::RecordView&)> watch) : watch_(std::move(watch)) {}

    void on_record(const model::RecordView& record) override { watch_(record); }
    void on_interval_end(std::int64_t) override {}

  private:
    std::function<void(const model::RecordView&)> watch_;
};

// Kinds of records and the bytes of every flow: they depend neither on the number of workers nor on when frames came.
struct Tally final : RecordConsumer {
    std::map<std::string, std::uint64_t> flows;  // key's bytes and direction: bytes
    std::map<int, std::uint64_t> kinds;          // except deltas, of which there may be one or two
    std::uint64_t packets = 0;

    void on_record(const model::RecordView& record) override {
        const model::RecordHeader& header = record.header();
        if (header.kind != model::RecordKind::flow_delta) {
            ++kinds[static_cast<int>(header.kind)];
            return;
        }
        const model::FlowDelta delta = record.flow_delta();
        for (std::size_t way = 0; way < 2; ++way) {
            packets += delta.packets[way];
            std::string key(reinterpret_cast<const char*>(&header.key), sizeof header.key);
            flows[key + static_cast<char>('0' + way)] += delta.bytes[way];
        }
    }
    void on_interval_end(std::int64_t) override {}
};

// DNS questions and answers of many clients.
inline std::vector<support::Packet> conversations(std::uint16_t clients, std::size_t rounds) {
    std::vector<support::Packet> packets;
    for (std::size_t round = 0; round < rounds; ++round) {
        for (std::uint16_t i = 0; i < clients; ++i) {
            support::DnsMessage message(i);
            message.question("telemetry.example.com", support::DnsType::a);
            const auto port = static_cast<std::uint16_t>(1024 + i);
            packets.push_back(support::Packet()
                                  .ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                                  .ipv4("10.0.0.1", "192.0.2.7")
                                  .ip_id(static_cast<std::uint16_t>(round * clients + i))
                                  .udp(port, 53)
                                  .payload(message.bytes()));
            packets.push_back(support::Packet()
                                  .ethernet("02:00:00:00:00:02", "02:00:00:00:00:01")
                                  .ipv4("192.0.2.7", "10.0.0.1")
                                  .ip_id(static_cast<std::uint16_t>(round * clients + i))
                                  .udp(53, port)
                                  .payload(message.bytes()));
        }
    }
    return packets;
}

}  // namespace telltale::pipeline
