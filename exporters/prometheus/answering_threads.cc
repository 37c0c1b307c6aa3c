// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/answering_threads.h"

namespace telltale::prometheus_http {

AnsweringThreads::AnsweringThreads(std::size_t threads, std::function<HttpResponse(const HttpRequest&)> answer,
                                   std::function<void()> done)
    : answer_(std::move(answer)), done_(std::move(done)) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

AnsweringThreads::~AnsweringThreads() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void AnsweringThreads::ask(std::uint64_t connection, HttpRequest request) {
    {
        const std::lock_guard lock(mutex_);
        asked_.emplace_back(connection, std::move(request));
    }
    changed_.notify_one();
}

AnsweringThreads::Answers AnsweringThreads::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
}

void AnsweringThreads::serve() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return over_ || !asked_.empty(); });
        if (over_) return;
        const auto [connection, request] = std::move(asked_.front());
        asked_.pop_front();
        lock.unlock();
        HttpResponse response;
        try {
            response = answer_(request);
        } catch (...) {  // a hook's; what it says may not be for clients
            response = plain_answer(500, "internal error");
        }
        lock.lock();
        answers_.emplace_back(connection, std::move(response));
        done_();
    }
}

}  // namespace telltale::prometheus_http
