// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/source_stage.h"

namespace telltale::pipeline {
namespace {

capture::FrameSource& filtered(std::optional<FilteringSource>& filtering, capture::FrameSource& source,
                               const TrafficFilter& filter, const DuplicateConfig& duplicates) {
    if (filter.passes_everything() && duplicates.window_ns == 0) return source;
    return filtering.emplace(source, filter, duplicates);
}

}  // namespace

SourceStage::SourceStage(capture::FrameSource& source, const TrafficFilter& filter, const DuplicateConfig& duplicates,
                         const decode::DefragmenterConfig& defragmenting, Published<SourceCopy>& published)
    : whole_(filtered(filtering_, source, filter, duplicates), defragmenting), published_(published) {}

void SourceStage::publish(MonotoneClock::time_point now, const model::PortMap<std::uint64_t>* dropped) {
    SourceCopy copy;
    if (filtering_) copy.ports = filtering_->counters();
    copy.defragment = whole_.counters();
    for (const model::PortIndex port : model::PortIndex::all()) {
        if (dropped == nullptr) break;
        copy.ports[port].dropped[PortDrop::dispatch_full] = (*dropped)[port];
    }
    published_.publish(copy);
    published_at_ = now;
}

}  // namespace telltale::pipeline
