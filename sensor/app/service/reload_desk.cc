// SPDX-License-Identifier: Apache-2.0
#include "sensor/app/service/reload_desk.h"

#include <utility>

namespace telltale::app {

prometheus_http::Answer ReloadDesk::ask() {
    const std::lock_guard turn(asking_);
    std::unique_lock lock(mutex_);
    if (closed_) return {false, "the sensor is stopping"};
    asked_ = true;
    answer_.reset();
    answered_.wait_for(lock, kLongest, [this] { return answer_.has_value() || closed_; });
    asked_ = false;
    if (!answer_) return {false, closed_ ? "the sensor is stopping" : "the sensor has not answered in time"};
    return std::move(*answer_);
}

void ReloadDesk::serve(const std::function<prometheus_http::Answer()>& reload) {
    {
        const std::lock_guard lock(mutex_);
        if (!asked_ || answer_) return;
    }
    prometheus_http::Answer answer = reload();
    {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }
    answered_.notify_all();
}

void ReloadDesk::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    answered_.notify_all();
}

}  // namespace telltale::app
