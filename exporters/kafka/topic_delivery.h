// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "exporters/event_store.h"
#include "exporters/kafka/delivery_window.h"
#include "exporters/kafka/figures_board.h"

namespace telltale::kafka {

// How much of one topic may be on its way at a time.
struct WindowLimits {
    std::size_t events = 0;
    std::size_t bytes = 0;  // one event is taken whatever its size
};

// One topic between the store and the brokers: what is read and not acknowledged. One thread, the topic's exporter's.
class TopicDelivery {
  public:
    using Clock = std::chrono::steady_clock;

    TopicDelivery(model::Topic topic, exporters::EventStore& store, exporters::ReaderId reader, WindowLimits limits)
        : topic_(topic), store_(store), reader_(reader), limits_(limits) {}

    [[nodiscard]] model::Topic topic() const { return topic_; }
    DeliveryWindow& window() { return window_; }
    [[nodiscard]] const DeliveryWindow& window() const { return window_; }

    // Moves events from the store into the window as far as it has room. An error is the store's: it rests then.
    base::Status fill(Clock::time_point now, FiguresBoard& board);
    // After an error of the store, for a while: nothing is read or acknowledged.
    [[nodiscard]] bool store_rests(Clock::time_point now) const { return now < store_at_; }
    // The last fill() took a full batch and left room in the window: there may be more.
    [[nodiscard]] bool more_there() const { return more_there_; }
    // The last fill() moved events.
    [[nodiscard]] bool moved() const { return moved_; }
    // The last fill() found nothing new, and nothing read before is left.
    [[nodiscard]] bool caught_up() const { return caught_up_; }

    // Acknowledges in the store what is done with. An error is the store's: it rests then, and is asked again.
    base::Status acknowledge(Clock::time_point now);
    // Returns how many events of the topic are stored and neither delivered nor dead.
    [[nodiscard]] std::uint64_t left() const;
    base::Status reject(exporters::Position position, std::string_view reason) {
        return store_.reject(reader_, topic_, position, reason);
    }

  private:
    [[nodiscard]] bool has_room() const { return window_.size() < limits_.events && window_.bytes() < limits_.bytes; }
    [[nodiscard]] bool fits(const exporters::Envelope& next) const;
    base::Status read_ahead();

    model::Topic topic_;
    exporters::EventStore& store_;
    exporters::ReaderId reader_;
    WindowLimits limits_;
    DeliveryWindow window_;
    exporters::Position last_read_ = 0;
    exporters::Position to_acknowledge_ = 0;
    std::size_t not_acknowledged_ = 0;  // events up to there that have left the window
    Clock::time_point store_at_{};      // the store is not asked before
    bool more_there_ = false;
    bool caught_up_ = false;
    bool moved_ = false;
    std::vector<exporters::StoredEnvelope> ahead_;  // read, at most a batch
    std::size_t next_ahead_ = 0;                    // of them, the first that is not in the window
};

}  // namespace telltale::kafka
