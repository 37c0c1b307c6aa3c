// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/who/who.h"

#include <utility>

namespace telltale::correlate {

Who::Who(Config config, Receiver& receiver)
    : receiver_(receiver),
      home_(config.home_networks, config.keep_rows),
      devices_(std::move(config.devices), home_, *this),
      classifier_(config.learn_ipv6_prefixes, home_, devices_),
      flows_(config.flows) {}

void Who::expect(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    // A slot says where its flow's state is: it must have arrived before that can be fetched.
    const SeenFlow* const arrived = flows_.find(coming_[next_coming_]);
    if (arrived != nullptr && arrived->serial != 0) receiver_.expect(arrived->device, arrived->flow);
    coming_[next_coming_] = header.flow;
    next_coming_ = (next_coming_ + 1) % kSlotsAhead;
    if (const SeenFlow* const slot = flows_.find(header.flow); slot != nullptr) __builtin_prefetch(slot, 1);
    if (header.kind == model::RecordKind::flow_start) {
        devices_.prefetch(header.key.segment, header.source_mac, header.source());
        devices_.prefetch(header.key.segment, header.destination_mac, header.destination());
    }
}

Moment Who::begin_step(std::int64_t time_ns) {
    begin_frame(time_ns);
    return next();
}

SeenFlow& Who::flow_of(const model::RecordHeader& header) {
    bool fresh = false;
    SeenFlow& slot = flows_.get(header.flow, fresh);
    if (fresh) open(header, slot);
    return slot;
}

void Who::open(const model::RecordHeader& header, SeenFlow& slot) {
    flows_.count_flow(header.kind == model::RecordKind::flow_start);
    FlowOpened opened = classifier_.classify(header);
    slot.devices = opened.devices;
    slot.device = opened.device;
    slot.up = opened.up;
    flows_.number(slot);
    opened.flow = slot.flow;
    for (const DeviceIndex device : slot.devices) {
        if (device != kNoDevice && device != slot.device) note_presence(device, header.time_ns);
    }
    receiver_.on_flow(next(), opened);
}

void Who::pass(const model::RecordView& record, const SeenFlow& flow, std::uint8_t parts, DeviceIndex speaker) {
    const model::Direction direction = record.header().direction;
    Seen seen;
    seen.flow = flow.flow;
    seen.accountable = flow.device;
    seen.speaker = speaker;
    seen.hearer = flow.devices[static_cast<std::size_t>(model::opposite(direction))];
    seen.parts = parts;
    seen.upward = direction == flow.up;
    receiver_.on_record(next(), seen, record);
}

void Who::save(KeptWho& kept) const {
    devices_.save(kept);
    home_.for_each_learned([&](model::Segment segment, const model::IpAddress& address) {
        kept.prefixes.push_back({segment, address});
    });
}

void Who::restore(const KeptWho& kept, std::uint64_t last_sequence) {
    moment_.sequence = last_sequence;
    devices_.restore(kept);
    for (const KeptPrefix& prefix : kept.prefixes) home_.restore(prefix.segment, prefix.address);
}

}  // namespace telltale::correlate
