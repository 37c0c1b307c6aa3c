// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/figures.h"

#include "sensor/pipeline/worker.h"

namespace telltale::pipeline {
namespace {

// Counter structs are nothing but 64-bit counters.
template <typename Counters>
void add_counters(Counters& into, const Counters& from) {
    static_assert(sizeof into % sizeof(std::uint64_t) == 0);
    auto* to = reinterpret_cast<std::uint64_t*>(&into);
    const auto* source = reinterpret_cast<const std::uint64_t*>(&from);
    for (std::size_t i = 0; i < sizeof into / sizeof(std::uint64_t); ++i) to[i] += source[i];
}

}  // namespace

void PipelineFigures::add(const Worker& worker) {
    frames += worker.counters().frames;
    bad_transport_checksums += worker.counters().bad_transport_checksums;
    records_lost += worker.counters().records_lost;
    ring_full += worker.counters().ring_full;
    decode += worker.decode_counters();
    add_counters(track, worker.tracker().counters());
    add_counters(streams, worker.tracker().stream_counters());
    add_counters(scan, worker.scan_counters());
    extract.push_back(worker.extractors().counters());
    for (const extract::ProtocolCounters& protocol : extract.back().protocols) records_lost += protocol.lost;
}

}  // namespace telltale::pipeline
