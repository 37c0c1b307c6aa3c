// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <vector>

#include "sensor/app/setup/event_path.h"
#include "sensor/model/event.h"

namespace telltale::app {

// The event path of `run`. Only the correlator thread emits, because a store has one appender; other threads post.
class EventFeed {
  public:
    // Before the first event: where events go.
    EventPath& path() { return path_; }

    // Returns whether the store accepted it.
    bool emit(model::Event&& event) { return path_.emit(std::move(event)); }
    // Queues an event for the next emit_posted(), kMaxPosted at most; further ones are dropped. Any thread.
    void post(model::Event&& event);
    void emit_posted();

  private:
    static constexpr std::size_t kMaxPosted = 100;

    EventPath path_;
    std::mutex mutex_;
    std::vector<model::Event> posted_;
};

}  // namespace telltale::app
