// SPDX-License-Identifier: Apache-2.0
// Reads from records what they say of the device that sends them.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sensor/correlate/what/identification.h"
#include "sensor/correlate/what/mdns_sender.h"
#include "sensor/model/dns_answer.h"
#include "signatures/said_rows.h"

namespace telltale::correlate {

using model::Field;
using signatures::Said;

namespace {

// Operations of NetBIOS's name service that a node does for its own names (RFC 1002 section 4.2.1.1).
constexpr std::uint64_t kQuery = 0, kRegistration = 5, kRefresh = 8, kOtherRefresh = 9, kMultiHomed = 15;

// Messages of DHCPv6's clients (RFC 8415 section 7.3): SOLICIT, REQUEST to REBIND, RELEASE, DECLINE,
// INFORMATION-REQUEST.
constexpr std::uint64_t kClientTypes[] = {1, 3, 4, 5, 6, 8, 9, 11};

bool has_address(const model::RecordView& record, Field field, const model::IpAddress& address) {
    bool found = false;
    record.for_each([&](Field one, base::Bytes value) {
        found = found || (one == field && model::IpAddress::from(value) == address);
    });
    return found;
}

}  // namespace

// As the table of what a device says has it.
void Identification::fingerprints(Profile& profile, const Seen&, const model::RecordView& record, const Moment& at) {
    take_texts(profile, record, at, [](base::Bytes) { return true; });
}

template <typename Accept>
void Identification::take_texts(Profile& profile, const model::RecordView& record, const Moment& at, Accept&& accept) {
    const model::RecordHeader& header = record.header();
    if (header.signature_count == 0) return;
    signatures::for_each_text(record, [&](const Said& said, base::Bytes value, std::string_view text) {
        if (said.role != signatures::Role::device || !accept(value)) return;
        matched_.for_each(header, [&](signatures::SignatureId, const signatures::Signature& signature) {
            if (signature.set != said.set) return true;
            if (said.several() && !claims_.matches(signature, text)) return true;
            add_evidence(profile, evidence_of(signature, text, at), at);
            return true;
        });
    });
}

void Identification::dhcp(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at) {
    take_host_name(profile, record.text(Field::dhcp_host_name), at);
    fingerprints(profile, seen, record, at);
}

// A device that says that a name has the address it sends from says its own name, and it speaks for the services that
// it places on the host of this name. What else is in the message is of others.
void Identification::mdns(Profile& profile, const Seen&, const model::RecordView& record, const Moment& at) {
    if (record.number(Field::dns_response) == 0) return;
    const MdnsSender sender(record);
    for (const std::string_view host : sender.hosts()) {
        take_host_name(profile, host.substr(0, host.size() - MdnsSender::kLocal.size()), at);
    }
    const std::uint8_t* asked = nullptr;  // a record's texts come one after the other
    bool own = false;
    take_texts(profile, record, at, [&](base::Bytes value) {
        model::DnsAnswer answer;
        if (value.data() != asked) own = model::read(value, answer) && sender.offers(answer.name);
        asked = value.data();
        return own;
    });
}

// A relay's message holds what a client behind it says, and a server's what the server gives.
void Identification::dhcpv6(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at) {
    const auto* const type =
        std::find(std::begin(kClientTypes), std::end(kClientTypes), record.number(Field::dhcp_message_type));
    if (type != std::end(kClientTypes) && !record.has(Field::dhcp_relay_ip)) fingerprints(profile, seen, record, at);
}

// A query holds the name that is looked for. A name server's answers hold other hosts' names: an answer is a node's own
// if it gives the sender's address, or, to a query, none, as a node's status has it.
void Identification::netbios(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at) {
    const bool response = record.number(Field::dns_response) != 0;
    const std::uint64_t operation = record.number(Field::dns_opcode);
    const bool own_names =
        operation == kRegistration || operation == kRefresh || operation == kOtherRefresh || operation == kMultiHomed;
    const bool addressed = record.has(Field::netbios_address);
    const bool own_address = has_address(record, Field::netbios_address, record.header().source());
    const bool own_answer = record.number(Field::dns_rcode) == 0 && (addressed ? own_address : operation == kQuery);
    if (response ? own_answer : own_names && (own_address || !addressed)) fingerprints(profile, seen, record, at);
}

// To its neighbour on the wire.
void Identification::announcement(Profile& profile, const Seen& seen, const model::RecordView& record,
                                  const Moment& at) {
    take_host_name(profile, record.text(Field::system_name), at);
    fingerprints(profile, seen, record, at);
}

}  // namespace telltale::correlate
