// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/counters_copy.h"

namespace telltale::pipeline {

std::uint64_t WorkerCopy::records_lost() const {
    std::uint64_t lost = worker.records_lost;
    for (const extract::ProtocolCounters& protocol : extract.protocols) lost += protocol.lost;
    return lost;
}

WorkerCopy copy_of(const Worker& worker) {
    WorkerCopy copy;
    copy.worker = worker.counters();
    copy.analysed = worker.analysed();
    copy.decode = worker.decode_counters();
    copy.track = worker.tracker().counters();
    copy.streams = worker.tracker().stream_counters();
    copy.sides = worker.tracker().tap_sides();
    copy.scan = worker.scan_counters();
    copy.extract = worker.extractors().counters();
    copy.flows_limit = worker.tracker().capacity();
    return copy;
}

}  // namespace telltale::pipeline
