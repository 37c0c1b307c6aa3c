// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sensor/correlate/rows/changed_rows.h"
#include "sensor/correlate/what/claim_filler.h"
#include "sensor/correlate/what/device_reports.h"
#include "sensor/correlate/what/matched.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/correlate/what/watch.h"
#include "sensor/model/record.h"
#include "signatures/bundle.h"
#include "signatures/oui_registry.h"

namespace telltale::correlate {

// Finds out what devices are: gathers evidence from what they say and from how they behave. Single-threaded.
class Identification {
  public:
    struct Config {
        double identified_confidence = kIdentifiedConfidence;
        std::size_t max_evidence_per_device = 32;
        bool keep_rows = false;  // somebody writes changed()
    };

    // `registry` may be null: then MAC prefixes say nothing.
    Identification(Config config, const signatures::Bundle& bundle, const signatures::OuiRegistry* registry,
                   Matched& matched, DeviceReports& reports, Watch& watch);

    void on_mac(Profile& profile, const model::MacAddress& mac, const Moment& at);
    void on_router(Profile& profile, const Moment& at);
    // The device talks to a destination whose signature speaks for its maker.
    void on_destination(Profile& profile, const signatures::Signature& signature, std::string_view name,
                        const Moment& at);

    // Each takes what a record says of its sender; steps.cc has them by kind.
    void fingerprints(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at);
    void dhcp(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at);
    void dhcpv6(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at);
    void mdns(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at);
    void announcement(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at);
    void netbios(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at);

    // The evidence of an earlier run.
    void restore(Profile& profile, const std::vector<EvidenceItem>& evidence);
    // Those whose evidence has grown.
    ChangedRows<Profile*>& changed() { return changed_; }
    void note(Profile& profile) { changed_.note(profile.evidence_noted, &profile); }
    [[nodiscard]] const EvidenceCounters& counters() const { return counters_; }

  private:
    // Adds what the record's texts are evidence of, of the values that accept(base::Bytes) accepts.
    template <typename Accept>
    void take_texts(Profile& profile, const model::RecordView& record, const Moment& at, Accept&& accept);
    // Returns the evidence that a text is which matches the signature.
    EvidenceItem evidence_of(const signatures::Signature& signature, std::string_view text, const Moment& at);
    // Returns the signature that an observation of an earlier version was not saved with; empty if none matches it.
    std::string signature_of(const EvidenceItem& item);
    void take_host_name(Profile& profile, std::string_view name, const Moment& at);
    void add_evidence(Profile& profile, EvidenceItem item, const Moment& at);

    const Config config_;
    const signatures::Bundle& bundle_;
    const signatures::OuiRegistry* const registry_;
    const signatures::RegistrantIndex registrants_;
    std::unordered_map<const char*, std::int32_t> maker_by_organisation_;  // as registrants_ says
    ClaimFiller claims_;
    Matched& matched_;
    DeviceReports& reports_;
    Watch& watch_;
    EvidenceCounters counters_;
    ChangedRows<Profile*> changed_;
};

}  // namespace telltale::correlate
