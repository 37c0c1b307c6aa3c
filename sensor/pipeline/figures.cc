// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/figures.h"

#include "sensor/pipeline/snapshots.h"

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

void PipelineFigures::add(const WorkerSnapshot& worker) {
    frames += worker.worker.frames;
    bad_transport_checksums += worker.worker.bad_transport_checksums;
    records_lost += worker.records_lost();
    ring_full += worker.worker.ring_full;
    decode += worker.decode;
    add_counters(track, worker.track);
    add_counters(streams, worker.streams);
    add_counters(scan, worker.scan);
    extract.push_back(worker.extract);
}

void PipelineFigures::add(const decode::DefragmentCounters& of_source) { add_counters(defragment, of_source); }

std::uint64_t WorkerSnapshot::records_lost() const {
    std::uint64_t lost = worker.records_lost;
    for (const extract::ProtocolCounters& protocol : extract.protocols) lost += protocol.lost;
    return lost;
}

WorkerSnapshot snapshot_of(const Worker& worker) {
    WorkerSnapshot snapshot;
    snapshot.worker = worker.counters();
    snapshot.decode = worker.decode_counters();
    snapshot.track = worker.tracker().counters();
    snapshot.streams = worker.tracker().stream_counters();
    snapshot.sides = worker.tracker().tap_sides();
    snapshot.scan = worker.scan_counters();
    snapshot.extract = worker.extractors().counters();
    snapshot.flows_limit = worker.tracker().capacity();
    return snapshot;
}

}  // namespace telltale::pipeline
