// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sensor/base/counters.h"
#include "sensor/base/enumeration.h"
#include "sensor/correlate/what/attribution.h"
#include "sensor/correlate/what/dns_names.h"
#include "sensor/correlate/what/encrypted_dns.h"
#include "sensor/correlate/what/flows.h"
#include "sensor/correlate/what/identification.h"
#include "sensor/correlate/what/ledger.h"
#include "sensor/correlate/what/matched.h"
#include "sensor/correlate/what/name_table.h"
#include "sensor/correlate/what/profile.h"
#include "sensor/correlate/what/watch.h"
#include "sensor/model/record.h"

namespace telltale::correlate {

#define TELLTALE_DESTINATIONS_COUNTERS(X) \
    X(flows_with_ech, counter, "Flows whose ClientHello has an encrypted inner hello")

// Counted by the Destinations.
struct DestinationsCounters {
    TELLTALE_COUNTERS(DestinationsCounters, TELLTALE_DESTINATIONS_COUNTERS)
};

// How the flows that have ended were attributed.
struct FlowOutcomes {
    base::EnumArray<model::AttributionMethod, std::uint64_t> flows_by_method;  // none: unattributed
    base::EnumArray<model::UnattributedCause, std::uint64_t> flows_by_cause;   // none: attributed

    void add(const FlowOutcomes& one) {
        for (const auto method : base::enumerators<model::AttributionMethod>()) {
            flows_by_method[method] += one.flows_by_method[method];
        }
        for (const auto cause : base::enumerators<model::UnattributedCause>()) {
            flows_by_cause[cause] += one.flows_by_cause[cause];
        }
    }
};

// Whose the flows are: gathers what flows are called, decides on their owner, and books their bytes. A flow is decided
// when nothing more is expected to name it, and again if a name comes all the same. Single-threaded.
class Destinations {
  public:
    struct Config {
        DnsNames::Config dns_names;
        Ledger::Config ledger;
    };

    Destinations(Config config, const signatures::Bundle& bundle, NameTable& names, Matched& matched,
                 Profiles& profiles, Identification& identification, Watch& watch);

    void open(const FlowOpened& opened, const Moment& at);
    FlowState& flow(FlowIndex flow) { return flows_[flow]; }
    void prefetch(FlowIndex flow) const { flows_.prefetch(flow); }

    // Each takes what a record says of its flow; steps.cc has them by kind.
    void unnamed(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);
    void delta(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);
    void nothing_more(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);
    void client_hello(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);
    void server_hello(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);
    void request(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);
    void stream_begin(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);
    void message(FlowState& flow, const Seen& seen, const model::RecordView& record, const Moment& at);

    // A DNS answer, for the device that asked.
    void answer(Profile& hearer, const model::RecordView& record, const Moment& at);

    [[nodiscard]] Ledger& ledger() { return ledger_; }
    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] DnsNames& dns_names() { return dns_names_; }
    [[nodiscard]] const DnsNames& dns_names() const { return dns_names_; }
    [[nodiscard]] const DestinationsCounters& counters() const { return counters_; }
    [[nodiscard]] const FlowOutcomes& outcomes() const { return outcomes_; }

  private:
    // The names so far are what there is: attributes the flow, or attributes it again if it had no owner.
    void decide(FlowState& flow, const Moment& at);
    void settle(FlowState& flow, const Moment& at);
    // Takes the name that the table of what a device says has for the record. False if the record says nothing; true
    // also if what it says is no name: an address, or a user.
    bool take_service_name(FlowState& flow, const Seen& seen, const model::RecordView& record);
    [[nodiscard]] NamedBy certificate_name(const model::RecordView& record);

    const signatures::Bundle& bundle_;
    NameTable& names_;
    Matched& matched_;
    Profiles& profiles_;
    Identification& identification_;
    Watch& watch_;
    const EncryptedDns encrypted_dns_;
    DnsNames dns_names_;
    Flows flows_;
    Ledger ledger_;
    DestinationsCounters counters_;
    FlowOutcomes outcomes_;
};

}  // namespace telltale::correlate
