// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/counters_copy.h"

namespace telltale::pipeline {

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
