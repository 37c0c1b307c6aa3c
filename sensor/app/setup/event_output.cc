// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/setup/event_output.h"

namespace telltale::app {
namespace {

// Small enough that the events are still in the processor's cache when they are written.
constexpr std::size_t kDrainEvery = 32;

exporters::MemoryStoreLimits waiting(exporters::MemoryStoreLimits limits) {
    limits.overflow = exporters::Overflow::wait;
    return limits;
}

}  // namespace

EventOutput::EventOutput(const exporters::MemoryStoreLimits& limits)
    : store_(waiting(limits)), export_(store_, kDrainEvery) {
    store_.set_pull([this] { export_.drain(); });
    export_.add_sink("summary", summary_);
}

base::Result<std::unique_ptr<EventOutput>> EventOutput::create(const std::string& events_path,
                                                               const ecs::ObserverInfo& observer,
                                                               const exporters::MemoryStoreLimits& limits) {
    std::unique_ptr<EventOutput> output(new EventOutput(limits));
    if (!events_path.empty()) {
        auto file = jsonl::LineFile::open(events_path, jsonl::LineFile::Existing::keep);
        if (!file) return file.error();
        output->file_ = std::move(*file);
        output->format_ = std::make_unique<ecs::JsonFormat>(observer);
        output->writer_ = std::make_unique<jsonl::JsonlWriter>(
            *output->file_, [format = output->format_.get()](const model::Event& event, std::string& out) {
                format->render(event, event.sequence, out);
            });
        output->export_.add_sink("events", *output->writer_);
    }
    return output;
}

base::Status EventOutput::start_over() {
    if (!file_) return base::Done{};
    return file_->start_over();
}

void EventOutput::emit(model::Event&& event) {
    privacy_(event);
    export_.append(std::move(event));
}

}  // namespace telltale::app
