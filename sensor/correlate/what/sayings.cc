// SPDX-License-Identifier: Apache-2.0
// Reads from records what they say of the device that sends them.
#include <cstdint>
#include <string_view>

#include "sensor/correlate/what/identification.h"
#include "sensor/model/dns_answer.h"
#include "signatures/said_rows.h"

namespace telltale::correlate {

using model::Field;
using signatures::Said;

namespace {

// Operations of NetBIOS's name service that a node does for its own names (RFC 1002 section 4.2.1.1).
constexpr std::uint64_t kRegistration = 5, kRefresh = 8, kOtherRefresh = 9, kMultiHomed = 15;

// Whether a record may have several texts of the row: the one that a signature matched is then to be found.
bool may_have_several(const Said& said) {
    return said.reading == signatures::Reading::service_text ||
           model::info(said.field).type == model::FieldType::text_list;
}

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
    const model::RecordHeader& header = record.header();
    if (header.signature_count == 0) return;
    signatures::for_each_said(record, [&](const Said& said, base::Bytes value) {
        if (said.role != signatures::Role::device) return;
        signatures::SaidTexts texts(said, value);
        for (std::string_view text = texts.next(); !text.empty(); text = texts.next()) {
            matched_.for_each(header, [&](signatures::SignatureId, const signatures::Signature& signature) {
                if (signature.set != said.set) return true;
                if (may_have_several(said) && !claims_.matches(signature, text)) return true;
                add_evidence(profile, evidence_of(signature, text, at), at);
                return true;
            });
        }
    });
}

void Identification::dhcp(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at) {
    take_host_name(profile, record.text(Field::dhcp_host_name), at);
    fingerprints(profile, seen, record, at);
}

// A device that says that a name has the address it sends from says its own name (RFC 6762 section 8.3), and speaks for
// itself in the rest of the message.
void Identification::mdns(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at) {
    constexpr std::string_view kLocal = ".local";
    if (record.number(Field::dns_response) == 0) return;
    bool for_itself = false;
    record.for_each([&](Field field, base::Bytes value) {
        if (field != Field::dns_answer) return;
        model::DnsAnswer answer;
        if (!model::read(value, answer)) return;
        if (answer.address != record.header().source() || !answer.name.ends_with(kLocal)) return;
        for_itself = true;
        take_host_name(profile, answer.name.substr(0, answer.name.size() - kLocal.size()), at);
    });
    if (for_itself) fingerprints(profile, seen, record, at);
}

// A query holds the name that is looked for, and a name server's answer another host's.
void Identification::netbios(Profile& profile, const Seen& seen, const model::RecordView& record, const Moment& at) {
    const bool response = record.number(Field::dns_response) != 0;
    const std::uint64_t operation = record.number(Field::dns_opcode);
    const bool own_names =
        operation == kRegistration || operation == kRefresh || operation == kOtherRefresh || operation == kMultiHomed;
    const bool own_answer =
        record.number(Field::dns_rcode) == 0 &&
        (!record.has(Field::netbios_address) || has_address(record, Field::netbios_address, record.header().source()));
    if (response ? own_answer : own_names) fingerprints(profile, seen, record, at);
}

// To its neighbour on the wire.
void Identification::announcement(Profile& profile, const Seen& seen, const model::RecordView& record,
                                  const Moment& at) {
    take_host_name(profile, record.text(Field::system_name), at);
    fingerprints(profile, seen, record, at);
}

}  // namespace telltale::correlate
