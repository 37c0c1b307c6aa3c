// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/connection_queue.h"

#include <utility>

namespace telltale::prometheus_http {

ConnectionQueue::ConnectionQueue(std::size_t threads, std::size_t max_queued) : max_queued_(max_queued) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

ConnectionQueue::~ConnectionQueue() {
    {
        const std::lock_guard lock(mutex_);
        over_ = waiting_over_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void ConnectionQueue::enqueue(std::function<void()> task) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_over_ || tasks_.size() < max_queued_; });
        tasks_.push_back(std::move(task));
    }
    changed_.notify_all();
}

void ConnectionQueue::stop_waiting() {
    {
        const std::lock_guard lock(mutex_);
        waiting_over_ = true;
    }
    changed_.notify_all();
}

void ConnectionQueue::serve() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return over_ || !tasks_.empty(); });
        if (tasks_.empty()) return;
        const std::function<void()> task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        changed_.notify_all();
        task();
        lock.lock();
    }
}

}  // namespace telltale::prometheus_http
