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

// The threads that serve connections, and their bounded queue. If it is full the accepting thread waits, so that
// further clients wait in the kernel's backlog at no cost here.
class ConnectionQueue {
  public:
    ConnectionQueue(std::size_t threads, std::size_t max_queued);
    ~ConnectionQueue();  // runs what is queued

    void enqueue(std::function<void()> task);
    // Wakes the accepting thread.
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
