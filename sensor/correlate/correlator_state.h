// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sensor/correlate/alert_book.h"
#include "sensor/correlate/contacts.h"
#include "sensor/correlate/correlator.h"
#include "sensor/correlate/device_reports.h"
#include "sensor/correlate/device_table.h"
#include "sensor/correlate/dns_names.h"
#include "sensor/correlate/encrypted_dns.h"
#include "sensor/correlate/event_outlet.h"
#include "sensor/correlate/evidence.h"
#include "sensor/correlate/flow_classifier.h"
#include "sensor/correlate/flow_state.h"
#include "sensor/correlate/home_networks.h"
#include "sensor/correlate/ledger.h"
#include "sensor/correlate/name_table.h"
#include "sensor/correlate/policies.h"
#include "sensor/correlate/saved_state.h"
#include "sensor/correlate/snapshots.h"
#include "signatures/oui_registry.h"

namespace telltale::correlate {

// The parts of a correlator and the order in which a record goes through them: who (devices, evidence), to whom (names,
// attribution), what of it is to be told (contacts, policies), how much (ledger).
class Correlator::State final : private DeviceListener {
  public:
    State(CorrelateConfig config, std::shared_ptr<const signatures::Bundle> bundle,
          const signatures::OuiRegistry* registry, model::EventSink sink);

    void on_record(const model::RecordView& record);
    void expect(const model::RecordView& record) const {
        const model::RecordHeader& header = record.header();
        flows_.prefetch(header.flow);
        if (header.kind == model::RecordKind::flow_start) {
            devices_.prefetch(header.key.segment, header.source_mac, header.source());
            devices_.prefetch(header.key.segment, header.destination_mac, header.destination());
        }
    }
    void close_interval(std::int64_t end_ns, bool last);
    [[nodiscard]] SavedState saved() const;
    base::Status restore(const SavedState& state, std::string_view source);
    void set_alert_update(std::int64_t update_ns) { config_.alert_update_ns = update_ns; }
    [[nodiscard]] const Counters& counters() const { return counters_; }

  private:
    void on_new_device(Device& device) override;
    void on_new_mac(Device& device, const model::MacAddress& mac) override;
    void on_new_address(Device& device, const model::IpAddress& address) override;
    void on_router(Device& device) override;

    // By kind of record.
    void on_delta(const model::RecordView& record, FlowState& flow);
    void on_arp(const model::RecordView& record);
    void on_dns(const model::RecordView& record, FlowState& flow);
    void on_dhcp(const model::RecordView& record, FlowState& flow);
    void note_application(const model::RecordHeader& header, FlowState& flow);
    void on_mdns(const model::RecordView& record, FlowState& flow);
    void on_announcement(const model::RecordView& record);
    void on_chat(const model::RecordView& record, FlowState& flow);
    void on_other(const model::RecordView& record, FlowState& flow);
    void on_tls(const model::RecordView& record, FlowState& flow);
    void on_tls_server(const model::RecordView& record, FlowState& flow);
    void on_http(const model::RecordView& record, FlowState& flow);

    FlowState& flow_of(const model::RecordHeader& header);
    // The record's signature for host names, or none.
    [[nodiscard]] signatures::SignatureId destination_signature(const model::RecordHeader& header);
    [[nodiscard]] NamedBy certificate_name(const model::RecordView& record);
    void take_fingerprints(const model::RecordView& record, DeviceIndex device);
    void take_host_name(DeviceIndex device, std::string_view name);
    void add_evidence(Device& device, EvidenceItem item);
    void review_contacts(const Device& device, const KnownIdentity& before, const KnownIdentity& now);

    // The evidence so far is what there is: attributes the flow, or attributes it again if it had no owner.
    void decide(FlowState& flow);
    void settle(FlowState& flow);
    void tell_contact(const FlowState& flow);
    void tell_devices() { reports_.flush(now_ns_, devices_); }

    CorrelateConfig config_;
    const std::shared_ptr<const signatures::Bundle> bundle_;
    const signatures::OuiRegistry* const registry_;  // may be null: then prefixes say nothing
    const signatures::RegistrantIndex registrants_;
    std::unordered_map<const char*, std::int32_t> maker_by_organisation_;  // as registrants_ has it
    const EncryptedDns encrypted_dns_;
    Counters counters_;
    EventOutlet outlet_;
    NameTable names_;
    Snapshots snapshots_;
    HomeNetworks home_;
    DeviceTable devices_;
    FlowClassifier classifier_;
    FlowTable flows_;
    ClaimFiller claims_;
    DnsNames dns_names_;
    Ledger ledger_;
    Contacts contacts_;
    Policies policies_;
    DeviceReports reports_;
    AlertBook alerts_;
    model::Order order_;
    std::int64_t now_ns_ = 0;  // of the record in hand
};

}  // namespace telltale::correlate
