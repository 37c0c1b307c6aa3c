// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/figures.h"

#include <utility>

#include "sensor/pipeline/counters_copy.h"

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

void PipelineFigures::add(const WorkerCopy& worker) {
    total.frames += worker.worker.frames;
    total.bad_transport_checksums += worker.worker.bad_transport_checksums;
    total.records_lost += worker.records_lost();
    total.ring_full += worker.worker.ring_full;
    total.decode += worker.decode;
    add_counters(total.track, worker.track);
    add_counters(total.streams, worker.streams);
    add_counters(total.scan, worker.scan);
    total.extract.push_back(worker.extract);
    for (const model::PortIndex port : model::PortIndex::all()) ports[port].analysed += worker.analysed[port];
    for (const model::TapIndex tap : model::TapIndex::all()) {
        taps[tap].both_sides += worker.sides.both[tap];
        taps[tap].one_side += worker.sides.one[tap];
    }
}

void PipelineFigures::add(const SourceCopy& source) {
    add_counters(total.defragment, source.defragment);
    for (const model::PortIndex port : model::PortIndex::all()) {
        ports[port].duplicates += source.ports[port].duplicates;
        for (std::size_t reason = 0; reason < kPortDropCount; ++reason) {
            ports[port].dropped[reason] += source.ports[port].dropped[reason];
        }
    }
}

PortAccount account_of(capture::PortFigures port, const PipelineFigures& figures) {
    PortAccount account;
    account.counts = figures.ports[port.index];
    account.counts.dropped[static_cast<std::size_t>(PortDrop::unreadable)] = port.unreadable;
    for (const std::uint64_t of_reason : account.counts.dropped) account.dropped += of_reason;
    account.in_flight = port.received_frames - account.counts.analysed - account.dropped;
    account.port = std::move(port);
    return account;
}

}  // namespace telltale::pipeline
