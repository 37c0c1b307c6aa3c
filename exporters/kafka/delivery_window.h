// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "exporters/envelope.h"
#include "sensor/base/enumeration.h"

namespace telltale::kafka {

// The state of an event between the store and the brokers.
//   X(state, what it means)
#define TELLTALE_DELIVERY_STATES(X)                                                                     \
    X(to_send, "not handed to librdkafka")                                                              \
    X(sent, "librdkafka has it and has not reported yet")                                               \
    X(failed, "came back without an outcome; the next producer sends it again")                         \
    X(suspected, "refused for good along with its batch: alone or in a smaller one it may be accepted") \
    X(done, "delivered, or dead")

TELLTALE_ENUMERATION(Delivery, std::uint8_t, TELLTALE_DELIVERY_STATES)

// An event in a window. A value; owned by the window.
struct WindowEntry {
    exporters::StoredEnvelope envelope;
    Delivery delivery = Delivery::to_send;
    bool by_itself = false;  // is sent while nothing else is out: probably the one that is too large
};

// The events of one topic that were read from the store and not acknowledged, in order, each with the state of its
// delivery. Only a contiguous run of done events at the front may be acknowledged. Knows nothing of Kafka. One thread.
//
// Order of keys: after the first failure or refusal nothing is sent until restart(), which a new producer begins with.
// Then everything that is not done is sent again in order. What is out when an event fails must not be delivered
// behind it: the producer sees to that (producer_conf.cc).
//
// A broker refuses a batch as a whole, and one bad event must not take the others along. So refused events are
// suspected and sent again by themselves, in groups that shrink by kShrink until the bad one is alone. Where the size
// was refused, the largest of them is sent alone from the start.
class DeliveryWindow {
  public:
    static constexpr std::size_t kFirstGroup = 64;
    static constexpr std::size_t kShrink = 8;

    void add(exporters::StoredEnvelope envelope);
    // The next event to be sent, or null: none is left, something failed, or the group of suspects that is out has to
    // come back first. Returns the same one until mark_sent() or mark_dead().
    WindowEntry* next_to_send();
    void mark_sent(WindowEntry& entry);

    // Reports the outcome of a sent event; other positions are ignored.
    void delivered(exporters::Position position);
    void failed(exporters::Position position);
    // Returns true if it was out alone, and is dead now; else it is suspected.
    bool refused(exporters::Position position, bool for_its_size);
    // The event was not sent, and no broker needs to be asked.
    void mark_dead(WindowEntry& entry) { change(entry, Delivery::done); }

    // No outcome of sent events will be reported any more: all that is not done is to be sent again.
    void restart();

    // Forgets the done events at the front. Returns the position up to which everything is done; 0 if that is not new.
    exporters::Position take_done();

    // Returns the event; null if it is not in the window.
    [[nodiscard]] exporters::StoredEnvelope find(exporters::Position position) const;
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] std::size_t count(Delivery delivery) const { return counts_[delivery]; }
    [[nodiscard]] bool probing() const { return count(Delivery::suspected) > 0 || round_sent_ > 0; }

  private:
    WindowEntry* sent_entry(exporters::Position position);
    void change(WindowEntry& entry, Delivery delivery);
    WindowEntry* next_suspect();
    void single_out_the_largest();

    std::deque<WindowEntry> entries_;
    base::EnumArray<Delivery, std::size_t> counts_;
    std::size_t bytes_ = 0;
    std::size_t next_ = 0;                 // no entry before it is to be sent
    bool stopped_ = false;                 // something failed or was refused: nothing is sent until restart()
    bool size_refused_ = false;            // since the last restart()
    exporters::Position alone_since_ = 0;  // was sent while nothing was out, and nothing was sent since

    // A round sends a group of suspects and waits for all of them; nothing else is out meanwhile.
    std::size_t group_ = kFirstGroup;  // how many may be out together
    std::size_t round_sent_ = 0;       // 0: no round
    std::size_t round_refused_ = 0;
    std::size_t round_next_ = 0;  // suspects before it have been out in this round
    bool round_closed_ = false;   // the group grows no more
};

}  // namespace telltale::kafka
