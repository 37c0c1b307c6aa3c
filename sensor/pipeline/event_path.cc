// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/event_path.h"

#include <utility>

#include "sensor/base/clock.h"

namespace telltale::pipeline {
namespace {

// Packet time is the time of receipt, except that of a file that is played or of a clock that was set since.
constexpr std::int64_t kLongestStayNs = 3600 * base::kSecondNs;

std::int64_t received_ns(const model::Event& event) {
    const std::int64_t age_ns = event.created_ns - event.time_ns;
    return age_ns < 0 || age_ns > kLongestStayNs ? event.created_ns : event.time_ns;
}

}  // namespace

void EventPath::deliver_to(exporters::EventStore& store, const ecs::ObserverInfo& observer) {
    store_ = &store;
    format_ = std::make_unique<ecs::JsonFormat>(observer);
    sensor_id_ = observer.sensor_id;
}

bool EventPath::emit(model::Event&& event) {
    privacy_(event);
    for (const Listener& listener : listeners_) listener(event);
    if (store_ == nullptr) return true;
    exporters::Envelope envelope;
    envelope.dataset = event.dataset();
    envelope.created_ns = event.created_ns;
    envelope.received_ns = received_ns(event);
    // A device's events stay in order. What is about the sensor itself has no device.
    const bool of_device = event.topic() != model::Topic::health && event.device && !event.device->id.empty();
    envelope.key = of_device ? event.device->id : sensor_id_;
    const auto render = [this, &event](std::uint64_t sequence, std::string& json) {
        format_->render(event, sequence, json);
    };
    return store_->append_with(std::move(event.rows), std::move(envelope), render).stored;
}

void EventPath::post(model::Event&& event) {
    const std::lock_guard lock(mutex_);
    if (posted_.size() < kMaxPosted) {
        posted_.push_back(std::move(event));
    } else {
        ++counters_.posted_dropped;
    }
}

EventPathCounters EventPath::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

void EventPath::emit_posted() {
    std::vector<model::Event> posted;
    {
        const std::lock_guard lock(mutex_);
        posted.swap(posted_);
    }
    for (model::Event& event : posted) emit(std::move(event));
}

}  // namespace telltale::pipeline
