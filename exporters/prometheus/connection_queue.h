// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace telltale::prometheus_http {

// The threads that serve connections, and the bounded queue before them. When it is full the accepting thread waits, so
// that further clients wait in the kernel's backlog and cost nothing here.
class ConnectionQueue {
  public:
    ConnectionQueue(std::size_t threads, std::size_t max_queued);
    ~ConnectionQueue();  // what is queued is still run

    void enqueue(std::function<void()> task);
    // The accepting thread waits no more.
    void stop_waiting();

  private:
    void serve();

    std::size_t max_queued_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> tasks_;
    bool waiting_over_ = false;
    bool over_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace telltale::prometheus_http
