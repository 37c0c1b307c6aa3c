// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/topic_delivery.h"

#include <algorithm>
#include <utility>

namespace telltale::kafka {
namespace {

constexpr std::size_t kReadBatch = 256;
constexpr std::chrono::milliseconds kStoreRest{1'000};  // after the store failed

}  // namespace

bool TopicDelivery::fits(const exporters::Envelope& next) const {
    return window_.size() == 0 || (has_room() && window_.bytes() + next.bytes() <= limits_.bytes);
}

base::Status TopicDelivery::fill(Clock::time_point now, FiguresBoard& board) {
    more_there_ = caught_up_ = moved_ = false;
    if (store_rests(now) || (window_.size() != 0 && !has_room())) return base::Done{};
    if (next_ahead_ == ahead_.size()) {
        if (base::Status read = read_ahead(); !read) {
            store_at_ = now + kStoreRest;
            return read;
        }
        caught_up_ = ahead_.empty();
    }
    while (next_ahead_ < ahead_.size() && fits(*ahead_[next_ahead_])) {
        board.taken(topic_);
        window_.add(std::move(ahead_[next_ahead_++]));
        moved_ = true;
    }
    more_there_ = !caught_up_ && next_ahead_ == ahead_.size() && has_room();
    return base::Done{};
}

// Keeps what does not fit: reading it again every turn would cost the store a batch each time.
base::Status TopicDelivery::read_ahead() {
    next_ahead_ = 0;
    ahead_.clear();
    const base::Result<std::size_t> count = store_.read(reader_, topic_, last_read_, kReadBatch, ahead_);
    if (!count) {
        ahead_.clear();
        return count.error();
    }
    if (!ahead_.empty()) last_read_ = ahead_.back()->position;
    return base::Done{};
}

base::Status TopicDelivery::acknowledge(Clock::time_point now) {
    const std::size_t before = window_.size();
    if (const exporters::Position done = window_.take_done(); done != 0) {
        to_acknowledge_ = done;
        not_acknowledged_ += before - window_.size();
    }
    if (to_acknowledge_ == 0 || store_rests(now)) return base::Done{};
    base::Status status = store_.acknowledge(reader_, topic_, to_acknowledge_);
    if (status) {
        to_acknowledge_ = not_acknowledged_ = 0;
    } else {
        store_at_ = now + kStoreRest;
    }
    return status;
}

std::uint64_t TopicDelivery::left() const {
    const std::uint64_t done = window_.count(Delivery::done) + not_acknowledged_;
    const std::uint64_t unacknowledged = store_.lag(reader_, topic_);
    return unacknowledged - std::min(unacknowledged, done);
}

}  // namespace telltale::kafka
