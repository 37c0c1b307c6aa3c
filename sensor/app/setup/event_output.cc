// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/event_output.h"

#include <utility>

#include "exporters/store/make_store.h"

namespace telltale::app {
namespace {

// Small enough that the events are still in the processor's cache when they are written.
constexpr std::size_t kDrainEvery = 32;

}  // namespace

EventOutput::File::File(std::unique_ptr<jsonl::LineFile> opened, const exporters::StoreLimits& limits)
    : lines(std::move(opened)),
      writer(*lines),
      store(exporters::make_store(limits, exporters::Overflow::wait)),
      exporting(*store, kDrainEvery) {
    exporting.add_sink("events", writer);
}

base::Result<std::unique_ptr<EventOutput>> EventOutput::create(const std::string& events_path,
                                                               const exporters::StoreLimits& limits) {
    std::unique_ptr<EventOutput> output(new EventOutput);
    if (!events_path.empty()) {
        auto file = jsonl::LineFile::open(events_path, jsonl::LineFile::Existing::keep);
        if (!file) return file.error();
        output->file_ = std::make_unique<File>(std::move(*file), limits);
    }
    return output;
}

base::Status EventOutput::start_over() { return file_ ? file_->lines->start_over() : base::Done{}; }

void EventOutput::connect(pipeline::EventPath& path, const ecs::ObserverInfo& observer) {
    path.add_listener([this](const model::Event& event) { summary_.add(event); });
    if (!file_) return;
    path.add_listener([this](const model::Event&) { file_->exporting.count_append(); });
    path.deliver_to(*file_->store, observer);
}

}  // namespace telltale::app
