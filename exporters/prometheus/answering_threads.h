// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "exporters/prometheus/http_message.h"

namespace telltale::prometheus_http {

// The threads that call hooks, so that a slow one does not stop the network's thread, which asks and takes the answers.
// At most as many requests wait as there are connections.
class AnsweringThreads {
  public:
    using Answers = std::vector<std::pair<std::uint64_t, HttpResponse>>;  // by the connection's number

    // `done` is called on these threads when an answer is there.
    AnsweringThreads(std::size_t threads, std::function<HttpResponse(const HttpRequest&)> answer,
                     std::function<void()> done);
    ~AnsweringThreads();  // waits for the hooks that run; what waits for a thread is dropped

    void ask(std::uint64_t connection, HttpRequest request);
    // Returns the answers since the last call.
    Answers take();

  private:
    void serve();

    std::function<HttpResponse(const HttpRequest&)> answer_;
    std::function<void()> done_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::pair<std::uint64_t, HttpRequest>> asked_;
    Answers answers_;
    bool over_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace telltale::prometheus_http
