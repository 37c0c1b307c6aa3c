// SPDX-License-Identifier: Apache-2.0
// The state of full tables, 65,536 devices with all their evidence: restored from an outbox, changed in every row, and
// written again. Prints how long records had to wait for a slice at most, and how long the end took.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "exporters/store/outbox/outbox_store.h"
#include "sensor/app/service/state_saver.h"
#include "sensor/base/clock.h"
#include "sensor/correlate/correlator.h"
#include "signatures/bundle.h"

namespace {

using namespace telltale;
namespace fs = std::filesystem;
using exporters::outbox::OutboxStore;

constexpr std::size_t kDevices = 65'536;
constexpr std::size_t kEvidence = 32;
constexpr std::size_t kContacts = 4;  // per device, as many names
constexpr std::size_t kRowsAtOnce = 8'192;

std::string id_of(std::size_t device) { return fmt::format("{:032x}", device + 1); }
std::string mac_of(std::size_t device) { return fmt::format("00:01:02:03:{:02x}:{:02x}", device >> 8, device & 255); }
std::string home_of(std::size_t device) { return fmt::format("10.0.{}.{}", device >> 8, device & 255); }
std::string flow_of(std::size_t device, std::size_t n) {
    return fmt::format(R"("flow":{{"a":"{}","b":"203.0.{}.{}","port_a":40000,"port_b":443,"protocol":6,"start_ns":{},)"
                       R"("application":"tls","owner":"unattributed","category":"other","name":"host{}.example.com"}})",
                       home_of(device), n, device & 255, device + 1, n);
}

model::StateRows rows_of(std::size_t device) {
    const std::string id = id_of(device), mac = mac_of(device), address = home_of(device);
    model::StateRows rows;
    const auto add = [&rows](std::string_view kind, std::string key, const std::string& fields) {
        rows.push_back({kind, std::move(key), fmt::format("{{\"kind\":\"{}\",{}}}", kind, fields), false});
    };
    add("device", id,
        fmt::format(R"("id":"{}","identifiers":["mac:{}"],"addresses":["{}"],"macs":["{}"],"first_seen_ns":{})", id,
                    mac, address, mac, device + 1));
    add("report", id,
        fmt::format(R"("device":"{}","host_name":"host-{}","announced":true,"last_seen_ns":9)", id, device));
    std::string evidence;
    for (std::size_t i = 0; i < kEvidence; ++i) {
        evidence +=
            fmt::format(R"({}{{"source":"user_agent","value":"Program/{}.{} on a device with a system and a library",)"
                        R"("signature":"agent.{}","maker":"maker{}","weight":0.5,"seen_ns":7}})",
                        i == 0 ? "" : ",", i, device, i, i);
    }
    add("evidence", id, fmt::format(R"("device":"{}","evidence":[{}])", id, evidence));
    add("mac", "0/" + mac, fmt::format(R"("segment":0,"mac":"{}","device":"{}")", mac, id));
    add("address", "0/" + address,
        fmt::format(R"("segment":0,"address":"{}","device":"{}","bound_mac":"{}")", address, id, mac));
    for (std::size_t n = 0; n < kContacts; ++n) {
        const std::string peer = fmt::format("203.0.{}.{}", n, device & 255);
        add("name", id + "/" + peer,
            fmt::format(R"("device":"{}","address":"{}","name":"host{}.example.com","expires_ns":{})", id, peer, n,
                        std::int64_t{1} << 60));
        add("contact", fmt::format("{}/1/host{}.example.com", id, n),
            fmt::format(R"("device":"{}","flows":3,{})", id, flow_of(device, n)));
    }
    return rows;
}

std::unique_ptr<OutboxStore> open(const fs::path& folder) {
    exporters::outbox::OutboxConfig config;
    config.file = folder / "outbox.db";
    config.sensor_id = "bench";
    auto store = OutboxStore::open(std::move(config));
    return store ? std::move(*store) : nullptr;
}

// Returns this thread's time on a processor, without the time in which others had it.
std::int64_t processor_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * base::kSecondNs + now.tv_nsec;
}

double ms_since(std::int64_t begin_ns) { return static_cast<double>(base::monotone_clock_ns() - begin_ns) / 1e6; }

void full_tables(benchmark::State& state) {
    std::string name = (fs::temp_directory_path() / "telltale-bench-XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    const auto store = open(folder);
    correlate::CorrelateConfig config;
    config.keep_rows = true;
    const auto bundle = std::make_shared<const signatures::Bundle>();
    // The head is that of an empty correlator.
    correlate::Correlator(config, bundle, nullptr, {}).write_changes([&](model::StateRow&& row) {
        return store->keep_rows({std::move(row)}), true;
    });
    for (std::size_t device = 0; device < kDevices; ++device) {
        store->keep_rows(rows_of(device));
        if (device % (kRowsAtOnce / 16) == 0) store->sync(std::chrono::seconds(10));
    }
    store->sync(std::chrono::seconds(10));
    for (auto _ : state) {
        correlate::Correlator correlator(config, bundle, nullptr, {});
        app::StateSaver saver(correlator, store.get(), {});
        const std::int64_t restoring_ns = base::monotone_clock_ns();
        if (!saver.restore()) state.SkipWithError("the state was not restored");
        state.counters["restored_ms"] = ms_since(restoring_ns);
        correlator.note_all();
        // Half a minute of slices while records wait in between.
        double longest_ms = 0, longest_processor_ms = 0;
        std::size_t slices = 0;
        const std::int64_t began_ns = base::monotone_clock_ns();
        while (ms_since(began_ns) < 30'000) {
            const std::int64_t slice_ns = base::monotone_clock_ns();
            const std::int64_t used_ns = processor_ns();
            saver.idle(slice_ns);
            longest_processor_ms = std::max(longest_processor_ms, static_cast<double>(processor_ns() - used_ns) / 1e6);
            const double took_ms = ms_since(slice_ns);
            longest_ms = std::max(longest_ms, took_ms);
            slices += took_ms > 0.1 ? 1U : 0U;
        }
        state.counters["slices"] = static_cast<double>(slices);
        state.counters["longest_slice_ms"] = longest_ms;
        state.counters["longest_slice_processor_ms"] = longest_processor_ms;
        correlator.note_all();
        const std::int64_t ending_ns = base::monotone_clock_ns();
        saver.finish(std::chrono::steady_clock::now() + std::chrono::seconds(3));
        state.counters["finish_ms"] = ms_since(ending_ns);
    }
    state.counters["devices"] = static_cast<double>(kDevices);
    fs::remove_all(folder);
}
BENCHMARK(full_tables)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
