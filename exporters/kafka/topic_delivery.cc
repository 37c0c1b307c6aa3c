// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/topic_delivery.h"

#include <algorithm>
#include <utility>

namespace telltale::kafka {
namespace {

constexpr std::size_t kReadBatch = 256;

}  // namespace

base::Status TopicDelivery::fill(FiguresBoard& board) {
    more_there_ = caught_up_ = false;
    const auto full = [&] { return window_.size() >= limits_.events || window_.bytes() >= limits_.bytes; };
    if (window_.size() != 0 && full()) return base::Done{};
    const std::size_t room = std::min(kReadBatch, std::max<std::size_t>(limits_.events, 1) - window_.size());
    const base::Result<std::size_t> count = store_.read(reader_, topic_, last_read_, room, batch_);
    if (!count) return count.error();
    std::size_t added = 0;
    for (exporters::StoredEnvelope& envelope : batch_) {
        if (window_.size() != 0 && window_.bytes() + envelope->bytes() > limits_.bytes) break;
        last_read_ = envelope->position;
        board.taken(topic_);
        window_.add(std::move(envelope));
        ++added;
    }
    batch_.clear();
    more_there_ = added == room && !full();
    caught_up_ = *count == 0;
    return base::Done{};
}

std::optional<std::chrono::milliseconds> TopicDelivery::begin_pause(Clock::time_point now) {
    if (retry_at_ != Clock::time_point{}) return std::nullopt;
    const std::chrono::milliseconds pause = pause_.take();
    retry_at_ = now + pause;
    return pause;
}

void TopicDelivery::end_pause(Clock::time_point now) {
    if (retry_at_ == Clock::time_point{} || now < retry_at_) return;
    retry_at_ = {};
    window_.retry_failed();
}

void TopicDelivery::resend_all() {
    retry_at_ = {};
    window_.resend_all();
}

base::Status TopicDelivery::acknowledge() {
    if (const exporters::Position done = window_.take_done(); done != 0) {
        to_acknowledge_ = done;
        pause_.reset();
    }
    if (to_acknowledge_ == 0) return base::Done{};
    base::Status status = store_.acknowledge(reader_, topic_, to_acknowledge_);
    if (status) to_acknowledge_ = 0;
    return status;
}

std::uint64_t TopicDelivery::left() const {
    const std::uint64_t unacknowledged = store_.lag(reader_, topic_);
    return unacknowledged - std::min<std::uint64_t>(unacknowledged, window_.count(Delivery::done));
}

}  // namespace telltale::kafka
