// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/event_feed.h"

#include <utility>

namespace telltale::app {

void EventFeed::post(model::Event&& event) {
    const std::lock_guard lock(mutex_);
    if (posted_.size() < kMaxPosted) posted_.push_back(std::move(event));
}

void EventFeed::emit_posted() {
    std::vector<model::Event> posted;
    {
        const std::lock_guard lock(mutex_);
        posted.swap(posted_);
    }
    for (model::Event& event : posted) emit(std::move(event));
}

}  // namespace telltale::app
