// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/figures.h"

#include <utility>

#include "sensor/pipeline/counters_copy.h"

namespace telltale::pipeline {

void PipelineFigures::add(const WorkerCopy& worker) {
    base::add(total.worker, worker.worker);
    base::add(total.decode, worker.decode);
    base::add(total.track, worker.track);
    base::add(total.streams, worker.streams);
    base::add(total.scan, worker.scan);
    extract::add(total.extract, worker.extract);
    for (const model::PortIndex port : model::PortIndex::all()) ports[port].analysed += worker.analysed[port];
    for (const model::TapIndex tap : model::TapIndex::all()) base::add(taps[tap], worker.sides[tap]);
}

void PipelineFigures::add(const SourceCopy& source) {
    base::add(total.defragment, source.defragment);
    for (const model::PortIndex port : model::PortIndex::all()) base::add(ports[port], source.ports[port]);
}

PortAccount account_of(capture::PortFigures port, const PipelineFigures& figures) {
    PortAccount account;
    account.counts = figures.ports[port.index];
    account.counts.dropped[PortDrop::unreadable] = port.unreadable;
    for (const std::uint64_t of_reason : account.counts.dropped) account.dropped += of_reason;
    account.in_flight = port.received - account.counts.analysed - account.dropped;
    account.port = std::move(port);
    return account;
}

}  // namespace telltale::pipeline
