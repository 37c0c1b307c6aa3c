// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/delivery_window.h"

#include <algorithm>
#include <utility>

namespace telltale::kafka {
namespace {

using exporters::Position;

// The first entry at or after a position.
template <typename Entries>
auto lower_bound(Entries& entries, Position position) {
    return std::lower_bound(entries.begin(), entries.end(), position, [](const WindowEntry& entry, Position wanted) {
        return entry.envelope->position < wanted;
    });
}

}  // namespace

void DeliveryWindow::add(exporters::StoredEnvelope envelope) {
    bytes_ += envelope->bytes();
    entries_.push_back({std::move(envelope)});
    ++counts_[Delivery::to_send];
}

void DeliveryWindow::change(WindowEntry& entry, Delivery delivery) {
    --counts_[entry.delivery];
    ++counts_[delivery];
    entry.delivery = delivery;
}

exporters::StoredEnvelope DeliveryWindow::find(Position position) const {
    const auto entry = lower_bound(entries_, position);
    return entry == entries_.end() || entry->envelope->position != position ? nullptr : entry->envelope;
}

WindowEntry* DeliveryWindow::sent_entry(Position position) {
    const auto entry = lower_bound(entries_, position);
    if (entry == entries_.end() || entry->envelope->position != position) return nullptr;
    return entry->delivery == Delivery::sent ? &*entry : nullptr;
}

WindowEntry* DeliveryWindow::next_to_send() {
    if (stopped_) return nullptr;
    if (probing()) return next_suspect();
    while (next_ < entries_.size() && entries_[next_].delivery != Delivery::to_send) ++next_;
    return next_ < entries_.size() ? &entries_[next_] : nullptr;
}

WindowEntry* DeliveryWindow::next_suspect() {
    if (count(Delivery::sent) == 0 && (round_sent_ == 0 || round_closed_)) {
        round_sent_ = round_next_ = 0;
        round_closed_ = false;
        if (count(Delivery::suspected) == 0) {
            group_ = kFirstGroup;
            return next_to_send();
        }
    }
    if (round_closed_ || round_sent_ == group_) return nullptr;
    while (round_next_ < entries_.size() && entries_[round_next_].delivery != Delivery::suspected) ++round_next_;
    if (round_next_ == entries_.size()) return nullptr;
    WindowEntry& next = entries_[round_next_];
    return next.by_itself && round_sent_ > 0 ? nullptr : &next;
}

void DeliveryWindow::mark_sent(WindowEntry& entry) {
    alone_since_ = count(Delivery::sent) == 0 ? entry.envelope->position : 0;
    if (entry.delivery == Delivery::suspected) {
        ++round_sent_;
        round_closed_ = entry.by_itself;
    }
    change(entry, Delivery::sent);
}

void DeliveryWindow::delivered(Position position) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return;
    change(*entry, Delivery::done);
    round_closed_ = round_sent_ > 0;
}

void DeliveryWindow::failed(Position position) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return;
    change(*entry, Delivery::failed);
    stopped_ = true;
}

bool DeliveryWindow::refused(Position position, bool for_its_size) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return false;
    stopped_ = true;
    const bool alone = alone_since_ == position;
    if (alone) {
        group_ = kFirstGroup;
    } else {
        size_refused_ = size_refused_ || for_its_size;
        if (round_sent_ > 0) ++round_refused_;
    }
    change(*entry, alone ? Delivery::done : Delivery::suspected);
    return alone;
}

void DeliveryWindow::restart() {
    if (round_refused_ > 0) group_ = std::max<std::size_t>(1, round_sent_ / kShrink);
    // Suspects go first: what is to be sent before one of them must not stay behind.
    std::size_t suspects = count(Delivery::suspected);
    for (WindowEntry& entry : entries_) {
        if (entry.delivery == Delivery::done) continue;
        if (entry.delivery == Delivery::suspected) {
            --suspects;
        } else {
            change(entry, suspects > 0 ? Delivery::suspected : Delivery::to_send);
        }
    }
    if (std::exchange(size_refused_, false)) single_out_the_largest();
    next_ = round_sent_ = round_refused_ = round_next_ = 0;
    stopped_ = round_closed_ = false;
    alone_since_ = 0;
}

void DeliveryWindow::single_out_the_largest() {
    WindowEntry* largest = nullptr;
    for (WindowEntry& entry : entries_) {
        if (entry.delivery != Delivery::suspected || entry.by_itself) continue;
        if (largest == nullptr || entry.envelope->bytes() > largest->envelope->bytes()) largest = &entry;
    }
    if (largest != nullptr) largest->by_itself = true;
}

Position DeliveryWindow::take_done() {
    Position done = 0;
    std::size_t taken = 0;
    for (; !entries_.empty() && entries_.front().delivery == Delivery::done; ++taken) {
        done = entries_.front().envelope->position;
        --counts_[Delivery::done];
        bytes_ -= entries_.front().envelope->bytes();
        entries_.pop_front();
    }
    next_ -= std::min(next_, taken);
    round_next_ -= std::min(round_next_, taken);
    return done;
}

}  // namespace telltale::kafka
