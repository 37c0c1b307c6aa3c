// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/event_queue.h"

#include <utility>

namespace telltale::correlate {

void EventQueue::put(Item&& item) {
    const std::uint32_t put = put_.load();
    for (std::uint32_t taken = taken_.load(); put - taken == items_.size(); taken = taken_.load()) taken_.wait(taken);
    if (closed_.load()) return;
    items_[slot(put)] = std::move(item);
    put_.store(put + 1);
    put_.notify_one();
}

bool EventQueue::arrived(bool wait) const {
    const std::uint32_t taken = taken_.load();
    if (wait) put_.wait(taken);
    return put_.load() != taken;
}

void EventQueue::pop() {
    taken_.store(taken_.load() + 1);
    taken_.notify_one();
}

void EventQueue::close() {
    closed_.store(true);
    taken_.store(put_.load());  // makes room for a partition that waits
    taken_.notify_one();
}

}  // namespace telltale::correlate
