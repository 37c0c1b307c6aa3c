// SPDX-License-Identifier: Apache-2.0
// Records a second through the correlator: flows of 500 devices to 200 names, each a start, a hello and a final delta.
#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "sensor/correlate/correlator.h"
#include "sensor/model/record.h"
#include "signatures/bundle.h"

namespace {

using namespace telltale;
using model::Field;
using model::RecordKind;

constexpr std::size_t kFlows = 20'000;
constexpr std::size_t kDevices = 500;
constexpr std::size_t kNames = 200;

std::shared_ptr<const signatures::Bundle> bundle() {
    signatures::Bundle out;
    out.owners.push_back({"owner", "Owner", "Owner Inc.", "CN", {}, {}});
    for (std::size_t i = 0; i < kNames; ++i) {
        signatures::Signature& signature = out.signatures.emplace_back();
        signature.id = "host." + std::to_string(i);
        signature.owner = i % 4 == 0 ? -1 : 0;
        signature.category = signatures::Category::telemetry;
    }
    for (int i = 0; i < 10; ++i) {
        out.policies.emplace_back().when = {{signatures::PolicyField::device_maker, {"nobody"}, false},
                                            {signatures::PolicyField::destination_owner, {"owner"}, false}};
    }
    return std::make_shared<const signatures::Bundle>(std::move(out));
}

std::unique_ptr<model::RecordBuffer> records() {
    auto buffer = std::make_unique<model::RecordBuffer>(kFlows * 3 * 512 + model::kMaxRecordBytes);
    for (std::size_t i = 0; i < kFlows; ++i) {
        model::RecordHeader header;
        const std::size_t device = i % kDevices;
        const std::size_t name = (i * 7) % kNames;
        const std::uint8_t home[4] = {10, 0, static_cast<std::uint8_t>(device >> 8), static_cast<std::uint8_t>(device)};
        const std::uint8_t peer[4] = {203, 0, 113, static_cast<std::uint8_t>(name)};
        header.key.a = model::IpAddress::v4(home);
        header.key.b = model::IpAddress::v4(peer);
        header.key.port_a = static_cast<std::uint16_t>(i);
        header.key.port_b = 443;
        header.key.protocol = model::kProtocolTcp;
        header.source_mac.bytes = {0, 1, 2, 3, home[2], home[3]};
        header.destination_mac.bytes = {0, 1, 2, 4, 0, 0};
        header.order = model::Order::of_frame(i + 1);
        header.time_ns = static_cast<std::int64_t>(i) * 1'000'000;
        header.flow = {0, static_cast<std::uint32_t>(i % 4096), static_cast<std::uint32_t>(i + 1)};
        static_cast<void>(model::RecordWriter(*buffer, header).commit());
        header.kind = RecordKind::tls;
        header.signature_count = 1;
        header.signatures[0] = static_cast<std::uint32_t>(name);
        const std::string host = "host" + std::to_string(name) + ".example.com";
        static_cast<void>(model::RecordWriter(*buffer, header)
                              .put(Field::tls_server_name, host)
                              .put(Field::tls_ja3, std::string_view("0123456789abcdef0123456789abcdef"))
                              .commit());
        header.kind = RecordKind::flow_delta;
        model::FlowDelta delta;
        delta.bytes = {1000, 5000};
        delta.packets = {8, 10};
        delta.final = true;
        static_cast<void>(model::RecordWriter(*buffer, header).put_flow_delta(delta).commit());
    }
    return buffer;
}

void correlate_flows(benchmark::State& state) {
    const auto signatures = bundle();
    const auto input = records();
    std::uint64_t events = 0;
    for (auto _ : state) {
        correlate::Correlator correlator({}, signatures, nullptr, [&events](model::Event&&) { ++events; });
        input->for_each([&](std::span<std::uint8_t> bytes) { correlator.on_record(model::RecordView(bytes)); });
        correlator.finish(60'000'000'000);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(3 * kFlows));
    state.counters["events"] = static_cast<double>(events) / static_cast<double>(state.iterations());
}
BENCHMARK(correlate_flows)->Unit(benchmark::kMillisecond);

}  // namespace
