// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/correlator.h"

#include <algorithm>
#include <utility>

#include "sensor/base/packet_clock.h"
#include "sensor/correlate/correlator_state.h"
#include "sensor/correlate/state_text.h"

namespace telltale::correlate {

using model::RecordKind;

Correlator::Correlator(CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
                       const signatures::OuiRegistry* registry, model::EventSink sink)
    : state_(std::make_unique<State>(std::move(config), std::move(bundle), registry, std::move(sink))) {}
Correlator::~Correlator() = default;

void Correlator::on_record(const model::RecordView& record) { state_->on_record(record); }
void Correlator::expect(const model::RecordView& record) const { state_->expect(record); }
void Correlator::close_interval(std::int64_t end_ns) { state_->close_interval(end_ns, false); }
void Correlator::finish(std::int64_t time_ns) { state_->close_interval(time_ns, true); }
std::string Correlator::save() const { return write_state(state_->saved()); }
base::Status Correlator::restore(std::string_view saved, std::string_view source) {
    auto state = read_state(saved, source);
    if (!state) return state.error();
    return state_->restore(*state, source);
}
void Correlator::set_alert_update(std::int64_t update_ns) { state_->set_alert_update(update_ns); }

const Counters& Correlator::counters() const { return state_->counters(); }

Correlator::State::State(CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
                         const signatures::OuiRegistry* registry, model::EventSink sink)
    : config_(std::move(config)),
      bundle_(std::move(bundle)),
      registry_(registry),
      registrants_(*bundle_),
      encrypted_dns_(*bundle_),
      outlet_(config_, std::move(sink), counters_),
      names_(config_.max_names, counters_),
      snapshots_(*bundle_, names_),
      home_(config_.home_networks, counters_),
      devices_(config_, home_, *this, counters_),
      classifier_(config_, home_, devices_),
      flows_(config_, counters_),
      dns_names_(config_.max_dns_names, config_.max_dns_names_per_device, counters_),
      ledger_(config_, *bundle_, names_, counters_),
      contacts_(config_, counters_),
      policies_(*bundle_),
      reports_(config_, snapshots_, outlet_),
      alerts_(config_, *bundle_, snapshots_, outlet_, counters_) {}

void Correlator::State::on_record(const model::RecordView& record) {
    const model::RecordHeader& header = record.header();
    ++counters_.records[static_cast<std::size_t>(header.kind)];
    // All that one frame says is told at once.
    if (header.order != order_) tell_devices();
    order_ = header.order;
    now_ns_ = header.time_ns;
    if (header.signature_count != 0) outlet_.set_generation(header.generation);
    switch (header.kind) {
        case RecordKind::flow_start: flow_of(header); break;
        case RecordKind::flow_unnamed: {
            FlowState& flow = flow_of(header);
            flow.names.cut = flow.names.cut || header.truncated;
            decide(flow);
            break;
        }
        case RecordKind::flow_delta: on_delta(record, flow_of(header)); break;
        case RecordKind::sender: devices_.resolve_mac(header.key.segment, header.source_mac, now_ns_); break;
        case RecordKind::arp: on_arp(record); break;
        case RecordKind::dns: on_dns(record, flow_of(header)); break;
        case RecordKind::mdns: on_mdns(record, flow_of(header)); break;
        case RecordKind::dhcp: on_dhcp(record, flow_of(header)); break;
        case RecordKind::tls:
        case RecordKind::dtls:
        case RecordKind::openvpn:
        case RecordKind::quic:
        case RecordKind::gquic: on_tls(record, flow_of(header)); break;
        case RecordKind::tls_server: on_tls_server(record, flow_of(header)); break;
        case RecordKind::http:
        case RecordKind::http2: on_http(record, flow_of(header)); break;
        case RecordKind::ndp:
            flow_of(header);
            on_arp(record);
            break;
        case RecordKind::lldp:
        case RecordKind::cdp: on_announcement(record); break;
        case RecordKind::xmpp:
        case RecordKind::mipush: on_chat(record, flow_of(header)); break;
        case RecordKind::tcp_syn:
        case RecordKind::interval_end: break;
        default: on_other(record, flow_of(header)); break;
    }
}

void Correlator::State::close_interval(std::int64_t end_ns, bool last) {
    tell_devices();
    ledger_.close(end_ns, last, [this](const Ledger::RowKey& key, model::Transfer&& transfer) {
        const auto category = static_cast<signatures::Category>(key.category);
        const Device& device = devices_[key.device];
        model::Event event;
        event.action = model::EventAction::transfer_summary;
        event.time_ns = transfer.end_ns;
        event.device = snapshots_.device(device);
        event.device_last_seen_ns = device.last_seen_ns;
        event.destination = snapshots_.owner(key.owner, category);
        event.transfer = std::move(transfer);
        outlet_.emit(std::move(event));
    });
    alerts_.update(end_ns, last, devices_);
}

FlowState& Correlator::State::flow_of(const model::RecordHeader& header) {
    bool fresh = false;
    FlowState& flow = flows_.get(header.flow, fresh);
    if (!fresh) return flow;
    ++counters_.flows;
    if (header.kind != RecordKind::flow_start) ++counters_.flows_without_start;
    classifier_.classify(header, flow);
    for (DeviceIndex index : flow.devices) {
        if (index != kNoDevice) devices_[index].last_seen_ns = std::max(devices_[index].last_seen_ns, header.time_ns);
    }
    if (!flow.decided) flow.names.dns = dns_names_.find(flow.device, flow.far(), header.time_ns);
    return flow;
}

void Correlator::State::decide(FlowState& flow) {
    const bool reserved = flow.attribution.method == model::AttributionMethod::reserved;
    if (reserved || (flow.decided && flow.attribution.attributed())) return;
    const Attribution before = flow.attribution;
    flow.names.encrypted_dns = flow.device != kNoDevice && devices_[flow.device].encrypted_dns;
    flow.attribution = attribute(flow.names, *bundle_, names_);
    if (!flow.decided) {
        flow.decided = true;
        settle(flow);
    } else if (flow.attribution.attributed()) {
        ledger_.reattribute(flow, before, base::floor_to(now_ns_, config_.interval_ns));
        settle(flow);
    } else if (flow.attribution.name != before.name) {
        settle(flow);
    }
}

void Correlator::State::settle(FlowState& flow) {
    if (flow.device == kNoDevice) return;
    Device& device = devices_[flow.device];
    const signatures::SignatureId id = flow.attribution.signature;
    if (id < bundle_->signatures.size() && bundle_->signatures[id].maker_only) {
        const signatures::Signature& signature = bundle_->signatures[id];
        const std::string& name = names_.text(flow.attribution.name);
        add_evidence(device, {EvidenceSource::destination, name, signature.id, claims_.fill(signature, name), now_ns_});
    }
    if (contacts_.note(flow) == Contacts::Outcome::first) tell_contact(flow);
    const KnownIdentity known = known_identity(device, config_);
    const DestinationFacts facts = snapshots_.facts(flow);
    for (std::size_t policy = 0; policy < policies_.size(); ++policy) {
        if (!policies_.holds(policy, known, facts)) continue;
        tell_devices();
        alerts_.raise(policy, device, flow, 1, now_ns_);
    }
}

void Correlator::State::review_contacts(const Device& device, const KnownIdentity& before, const KnownIdentity& now) {
    contacts_.for_device(device.index, [&](const Contact& contact) {
        const DestinationFacts facts = snapshots_.facts(contact.flow);
        for (std::size_t policy = 0; policy < policies_.size(); ++policy) {
            const bool newly = policies_.asks_for_device(policy) && policies_.holds(policy, now, facts) &&
                               !policies_.holds(policy, before, facts);
            if (!newly) continue;
            tell_devices();
            alerts_.raise(policy, device, contact.flow, contact.flows, now_ns_);
        }
    });
}

void Correlator::State::tell_contact(const FlowState& flow) {
    tell_devices();
    const Device& device = devices_[flow.device];
    model::Event event;
    event.action = model::EventAction::destination_first_contact;
    event.time_ns = now_ns_;
    event.device = snapshots_.device(device);
    event.device_last_seen_ns = device.last_seen_ns;
    event.destination = snapshots_.destination(flow);
    event.flow = snapshots_.flow(flow);
    outlet_.emit(std::move(event));
}

}  // namespace telltale::correlate
