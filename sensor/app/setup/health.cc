// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/health.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "sensor/base/siphash.h"
#include "sensor/decode/outcome.h"
#include "sensor/extract/counters.h"

namespace telltale::app {

model::Event health_event(const pipeline::PipelineTotals& figures, const correlate::Counters& correlated,
                          const SessionFigures& run) {
    model::Event event;
    event.action = model::EventAction::sensor_health;
    event.time_ns = run.last_ns;
    event.created_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    event.message = fmt::format("{} frames read, {} malformed, {} flows, {} observations dropped", run.frames,
                                run.malformed, run.flows, run.records_dropped);
    model::Health health;
    auto add = [&health](std::string name, std::uint64_t value) {
        health.figures.emplace_back(std::move(name), value);
    };
    add("frames", figures.frames);
    for (std::size_t i = 0; i < decode::kDecodeOutcomeCount; ++i) {
        add("decode." + std::string(to_string(static_cast<decode::DecodeOutcome>(i))), figures.decode.outcomes[i]);
    }
    for (const decode::DecodeCounterInfo& counter : decode::kDecodeCounterInfo) {
        add("decode." + std::string(counter.name), figures.decode.*counter.field);
    }
    add("decode.bad_transport_checksums", figures.bad_transport_checksums);
    for_each_counter(figures.defragment, [&](std::string_view name, bool, std::string_view, std::uint64_t value) {
        add("defragment." + std::string(name), value);
    });
    for_each_counter(figures.track, [&](std::string_view name, bool, std::string_view, std::uint64_t value) {
        add("track." + std::string(name), value);
    });
    for_each_counter(figures.streams, [&](std::string_view name, bool, std::string_view, std::uint64_t value) {
        add("streams." + std::string(name), value);
    });
    for (std::size_t i = 0; i < extract::kProtocolCount; ++i) {
        std::uint64_t done = 0, malformed = 0;
        for (const extract::ExtractCounters& worker : figures.extract) {
            done += worker.protocols[i].done;
            for (const std::uint64_t count : worker.protocols[i].malformed) malformed += count;
        }
        const std::string protocol(extract::kProtocols[i].name);
        add("extract." + protocol + ".done", done);
        add("extract." + protocol + ".malformed", malformed);
    }
    add("match.scans", figures.scan.scans);
    add("match.hits", figures.scan.hits);
    add("match.capped", figures.scan.capped);
    add("match.errors", figures.scan.errors);
    add("records.lost", figures.records_lost);
    correlated.for_each([&](std::string_view name, std::string_view, std::uint64_t value) {
        add("correlate." + std::string(name), value);
    });
    event.health = std::move(health);
    return event;
}

std::string host_name() {
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "sensor";
    return name;
}

std::string new_boot_id() {
    const base::HashKey random = base::random_hash_key();
    return fmt::format("{:016x}{:016x}", random.k0, random.k1);
}

}  // namespace telltale::app
