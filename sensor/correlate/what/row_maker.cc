// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/row_maker.h"

#include <utility>

#include "sensor/correlate/rows/row_writer.h"
#include "sensor/correlate/what/bundle_ids.h"
#include "sensor/correlate/what/fields.h"

namespace telltale::correlate {

template <typename Write>
void RowMaker::attach(model::Event& event, Write&& write) const {
    if (!keep_rows_) return;
    const model::TakeRow take = [&event](model::StateRow&& row) {
        event.rows.push_back(std::move(row));
        return true;
    };
    RowWriter rows(take);
    write(rows);
}

void RowMaker::report(Profile& profile, model::Event& event) const {
    attach(event, [&](RowWriter& rows) { write_report(profile, rows); });
    profile.report_noted = false;
}

void RowMaker::report(const Profile& profile, const Contact& contact, model::Event& event) const {
    attach(event, [&](RowWriter& rows) { write(profile, contact, rows); });
}

void RowMaker::report(const Profile& profile, AlertBook::Open& open, model::Event& event) const {
    attach(event, [&](RowWriter& rows) { write(profile, open, rows); });
    open.noted = false;
}

bool RowMaker::write_report(const Profile& profile, RowWriter& rows) {
    ReportRow row{profile.device, kept(profile)};
    return rows.write("report", profile.id, profile.id, row);
}

bool RowMaker::write_evidence(const Profile& profile, RowWriter& rows) {
    EvidenceRow row{profile.device, profile.evidence.items()};
    return rows.write("evidence", profile.id, profile.id, row);
}

bool RowMaker::write(const Profile& profile, const Contact& contact, RowWriter& rows) const {
    KeptContact row = kept(contact);
    const std::string to = row.flow.name.empty() ? model::to_string(contact.flow.far()) : row.flow.name;
    const auto clear = base::index_of(kClearOf[contact.flow.application]);
    return rows.write("contact", profile.id + "/" + std::to_string(clear) + "/" + to, profile.id, row);
}

bool RowMaker::write(const Profile& profile, const AlertBook::Open& open, RowWriter& rows) const {
    KeptAlert row = kept(open);
    return rows.write("alert", open.alert.id, profile.id, row);
}

bool RowMaker::write(const Profile& profile, const model::IpAddress& address, const DnsNames::Answer* answer,
                     RowWriter& rows) const {
    const std::string key = profile.id + "/" + model::to_string(address);
    if (answer == nullptr) return rows.erase("name", key);
    KeptName row = kept(*answer, profile.device);
    return rows.write("name", key, profile.id, row);
}

KeptProfile RowMaker::kept(const Profile& profile) {
    KeptProfile out;
    out.host_name = profile.host_name;
    out.host_names = profile.host_names;
    out.evidence = profile.evidence.items();
    out.last_seen_ns = profile.last_seen_ns;
    out.announced = profile.reported.announced;
    out.known = profile.reported.known;
    out.known_model = profile.reported.model;
    return out;
}

KeptContact RowMaker::kept(const Contact& contact) const {
    return {contact.flow.device, contact.flows, kept(contact.flow), contact.sequence};
}

KeptAlert RowMaker::kept(const AlertBook::Open& open) const {
    return {open.device, open.alert, kept(open.flow), open.told_count, open.told_ns, open.sequence};
}

KeptName RowMaker::kept(const DnsNames::Answer& answer, DeviceIndex device) const {
    const signatures::SignatureId id = answer.named_by.signature;
    const std::string signature = id < bundle_.signatures.size() ? bundle_.signatures[id].id : "";
    return {device, answer.address, names_.text(answer.named_by.name), signature, answer.expires_ns, answer.sequence};
}

KeptFlow RowMaker::kept(const FlowState& flow) const {
    const Attribution& attribution = flow.attribution;
    KeptFlow out;
    out.key = flow.key;
    out.up_is_a_to_b = flow.up == model::Direction::a_to_b;
    out.device_mac = flow.device_mac;
    out.start_ns = flow.start_ns;
    out.application = to_string(flow.application);
    out.owner = owner_id(bundle_, attribution.owner);
    out.category = signatures::to_string(attribution.category);
    out.method = to_string(attribution.method);
    out.cause = to_string(attribution.cause);
    if (attribution.signature < bundle_.signatures.size()) out.signature = bundle_.signatures[attribution.signature].id;
    out.name = names_.text(attribution.name);
    out.confidence = attribution.confidence;
    out.server_name = names_.text(flow.server_name);
    out.ja3 = names_.text(flow.ja3);
    out.ja4 = names_.text(flow.ja4);
    out.ech = flow.names.ech;
    return out;
}

}  // namespace telltale::correlate
