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
    entries_.push_back({std::move(envelope), Delivery::to_send});
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
    if (probing()) return next_suspect();
    while (next_ < entries_.size() && entries_[next_].delivery != Delivery::to_send) ++next_;
    return next_ < entries_.size() ? &entries_[next_] : nullptr;
}

WindowEntry* DeliveryWindow::next_suspect() {
    if (count(Delivery::sent) == 0 && (round_sent_ == 0 || round_reported_)) {
        if (round_refused_ > 0) group_ = std::max<std::size_t>(1, round_sent_ / kShrink);
        round_sent_ = round_refused_ = round_next_ = 0;
        round_reported_ = false;
        if (count(Delivery::suspected) == 0) {
            group_ = kFirstGroup;
            return next_to_send();
        }
    }
    // What was sent before the suspicion has to come back first, and a group is complete once a report has come.
    if (count(Delivery::sent) > round_sent_ || round_reported_ || round_sent_ == group_) return nullptr;
    while (round_next_ < entries_.size() && entries_[round_next_].delivery != Delivery::suspected) ++round_next_;
    return round_next_ < entries_.size() ? &entries_[round_next_] : nullptr;
}

void DeliveryWindow::mark_sent(WindowEntry& entry) {
    if (entry.delivery == Delivery::suspected) ++round_sent_;
    change(entry, Delivery::sent);
}

void DeliveryWindow::delivered(Position position) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return;
    round_reported_ = round_sent_ > 0;
    change(*entry, Delivery::done);
}

void DeliveryWindow::failed(Position position) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return;
    round_reported_ = round_sent_ > 0;
    change(*entry, Delivery::failed);
}

bool DeliveryWindow::refused(Position position) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return false;
    round_reported_ = round_sent_ > 0;
    if (round_sent_ == 1) {
        change(*entry, Delivery::done);
        group_ = kFirstGroup;
        return true;
    }
    if (round_sent_ > 0) ++round_refused_;
    change(*entry, Delivery::suspected);
    return false;
}

void DeliveryWindow::retry_failed() {
    if (count(Delivery::failed) == 0) return;
    for (std::size_t i = entries_.size(); i-- > 0;) {
        if (entries_[i].delivery != Delivery::failed) continue;
        change(entries_[i], Delivery::to_send);
        next_ = std::min(next_, i);
    }
}

void DeliveryWindow::resend_all() {
    for (std::size_t i = entries_.size(); i-- > 0;) {
        if (entries_[i].delivery != Delivery::sent && entries_[i].delivery != Delivery::failed) continue;
        change(entries_[i], Delivery::to_send);
        next_ = std::min(next_, i);
    }
    round_sent_ = round_refused_ = round_next_ = 0;
    round_reported_ = false;
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
