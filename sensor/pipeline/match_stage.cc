// SPDX-License-Identifier: Apache-2.0
#include "sensor/pipeline/match_stage.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace telltale::pipeline {
namespace {

using model::Field;
using model::RecordKind;
using signatures::PatternSet;

// A text of a record that a pattern set is for.
struct Subject {
    bool wanted = false;
    PatternSet set = PatternSet::host_name;
    std::string_view text;
};

constexpr std::size_t kMaxParametersText = 4 * 255;

// Option 55 as the fingerprints write it: "1,3,6".
std::string_view parameters_text(base::Bytes codes, std::array<char, kMaxParametersText>& out) {
    std::size_t size = 0;
    for (std::uint8_t code : codes.first(std::min<std::size_t>(codes.size(), 255))) {
        if (size != 0) out[size++] = ',';
        if (code >= 100) out[size++] = static_cast<char>('0' + code / 100);
        if (code >= 10) out[size++] = static_cast<char>('0' + code / 10 % 10);
        out[size++] = static_cast<char>('0' + code % 10);
    }
    return {out.data(), size};
}

// The target of a CNAME in a dns_answer field (its layout stands at FieldType::dns_answer); empty for other types.
std::string_view cname_target(base::Bytes answer) {
    constexpr std::size_t kFixed = 2 + 4 + 1;
    constexpr std::uint8_t kCname = 5;
    if (answer.size() < kFixed || answer[0] != kCname || answer[1] != 0) return {};
    const std::size_t name = answer[6];
    if (answer.size() < kFixed + name) return {};
    return base::as_text(answer.subspan(kFixed + name));
}

// The site that a certificate's name is for (RFC 6125 section 6.4.3).
std::string_view site_of(std::string_view name) { return name.starts_with("*.") ? name.substr(2) : name; }

bool has_subjects(RecordKind kind) {
    switch (kind) {
        case RecordKind::flow_start:
        case RecordKind::flow_unnamed:
        case RecordKind::flow_delta:
        case RecordKind::sender:
        case RecordKind::arp:
        case RecordKind::interval_end: return false;
        default: return true;
    }
}

}  // namespace

void MatchStage::annotate(model::RecordBuffer& records, std::size_t start) {
    const auto annotate_one = [this](std::span<std::uint8_t> bytes) {
        const model::RecordView record(bytes);
        model::RecordHeader header = record.header();
        if (!has_subjects(header.kind)) return;
        std::array<char, kMaxParametersText> parameters;
        header.signature_count = 0;
        header.generation = generation_;
        record.for_each([&](Field field, base::Bytes value) {
            Subject subject;
            switch (field) {
                case Field::tls_server_name:
                case Field::service_name: subject = {true, PatternSet::host_name, base::as_text(value)}; break;
                case Field::dns_question:
                    if (value.size() > 2) subject = {true, PatternSet::host_name, base::as_text(value.subspan(2))};
                    break;
                case Field::certificate_subject:
                case Field::certificate_names:
                    subject = {true, PatternSet::host_name, site_of(base::as_text(value))};
                    break;
                case Field::dns_answer:
                    // Only while the question itself, and the aliases before, have no owner.
                    if (header.signature_count == 0) subject = {true, PatternSet::host_name, cname_target(value)};
                    break;
                case Field::user_agent: subject = {true, PatternSet::user_agent, base::as_text(value)}; break;
                case Field::dhcp_vendor_class:
                    subject = {true, PatternSet::dhcp_vendor_class, base::as_text(value)};
                    break;
                case Field::dhcp_host_name: subject = {true, PatternSet::dhcp_host_name, base::as_text(value)}; break;
                case Field::dhcp_parameters:
                    subject = {true, PatternSet::dhcp_fingerprint, parameters_text(value, parameters)};
                    break;
                default: break;
            }
            if (!subject.wanted || subject.text.empty()) return;
            // A name has one owner: its most specific signature is enough.
            const std::size_t room = header.signatures.size() - header.signature_count;
            const std::size_t wanted = subject.set == PatternSet::host_name ? std::min<std::size_t>(room, 1) : room;
            const std::span<std::uint32_t> out = std::span(header.signatures).subspan(header.signature_count, wanted);
            if (out.empty()) return;
            header.signature_count =
                static_cast<std::uint8_t>(header.signature_count + scanner_.scan(subject.set, subject.text, out));
        });
        std::memcpy(bytes.data(), &header, sizeof header);
    };
    records.for_each(annotate_one, start);
}

}  // namespace telltale::pipeline
