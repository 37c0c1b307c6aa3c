// SPDX-License-Identifier: Apache-2.0
#include "exporters/kafka/delivery_window.h"

#include <algorithm>
#include <set>
#include <string_view>
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
    const Delivery delivery = out_.contains(envelope->key) ? Delivery::held : Delivery::to_send;
    entries_.push_back({std::move(envelope), delivery});
    ++counts_[delivery];
}

void DeliveryWindow::change(WindowEntry& entry, Delivery delivery) {
    --counts_[entry.delivery];
    ++counts_[delivery];
    entry.delivery = delivery;
}

// It is to be sent again, or to wait until it may.
void DeliveryWindow::take_back(std::size_t index, Delivery delivery) {
    change(entries_[index], delivery);
    if (delivery == Delivery::to_send) next_ = std::min(next_, index);
}

// Its outcome is known: the last one that held events wait for lets them go.
void DeliveryWindow::come_back(const WindowEntry& entry) {
    round_reported_ = round_sent_ > 0;
    const auto out = out_.find(entry.envelope->key);
    if (out == out_.end() || --out->second > 0) return;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].delivery == Delivery::held && entries_[i].envelope->key == out->first)
            take_back(i, Delivery::to_send);
    }
    out_.erase(out);
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
    // Events sent before the suspicion have to come back first, and a group is complete once a report has come.
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
    change(*entry, Delivery::done);
    come_back(*entry);
}

void DeliveryWindow::failed(Position position) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return;
    change(*entry, Delivery::failed);
    come_back(*entry);
}

bool DeliveryWindow::refused(Position position) {
    WindowEntry* entry = sent_entry(position);
    if (entry == nullptr) return false;
    const bool alone = round_sent_ == 1;
    if (round_sent_ > 1) ++round_refused_;
    change(*entry, alone ? Delivery::done : Delivery::suspected);
    come_back(*entry);
    if (alone) {
        group_ = kFirstGroup;
    } else {
        suspect_all_before(*entry);
    }
    return alone;
}

// Suspects go first: what is to be sent before one of them must not stay behind.
void DeliveryWindow::suspect_all_before(const WindowEntry& entry) {
    for (std::size_t i = count(Delivery::held) > 0 ? 0 : next_; i < entries_.size() && &entries_[i] != &entry; ++i) {
        const Delivery delivery = entries_[i].delivery;
        if (delivery == Delivery::to_send || delivery == Delivery::held) change(entries_[i], Delivery::suspected);
    }
}

void DeliveryWindow::retry_failed() {
    std::set<std::string_view> keys;
    for (const WindowEntry& entry : entries_) {
        if (entry.delivery == Delivery::failed || entry.delivery == Delivery::held) keys.insert(entry.envelope->key);
    }
    out_.clear();
    for (const WindowEntry& entry : entries_) {
        if (entry.delivery == Delivery::sent && keys.contains(entry.envelope->key)) ++out_[entry.envelope->key];
    }
    // While others are suspected, what they may overtake is sent along with them: they wait for all that is out.
    const Delivery free = probing() ? Delivery::suspected : Delivery::to_send;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Delivery is = entries_[i].delivery;
        if (is == Delivery::failed || is == Delivery::held) {
            take_back(i, free == Delivery::to_send && out_.contains(entries_[i].envelope->key) ? Delivery::held : free);
        } else if (is == Delivery::to_send && out_.contains(entries_[i].envelope->key)) {
            change(entries_[i], Delivery::held);
        }
    }
}

void DeliveryWindow::resend_all() {
    const Delivery free = probing() ? Delivery::suspected : Delivery::to_send;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Delivery is = entries_[i].delivery;
        if (is == Delivery::sent || is == Delivery::failed || is == Delivery::held) take_back(i, free);
    }
    out_.clear();
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
