// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tls_server/certificate.h"

#include <algorithm>

namespace telltale::extract::tls_server {
namespace {

using base::ByteReader;
using base::Bytes;

// Tags of ITU-T X.690 and X.680.
enum Tag : std::uint8_t {
    kOctetString = 0x04,
    kObjectId = 0x06,
    kUtf8String = 0x0c,
    kPrintableString = 0x13,
    kTeletexString = 0x14,
    kIa5String = 0x16,
    kSequence = 0x30,
    kSet = 0x31,
    kDnsName = 0x82,     // [2] of GeneralName
    kVersion = 0xa0,     // [0] of TBSCertificate
    kExtensions = 0xa3,  // [3]
};
constexpr std::uint8_t kCommonName[] = {0x55, 4, 3}, kOrganisation[] = {0x55, 4, 10},
                       kAlternativeNames[] = {0x55, 29, 17};
constexpr std::size_t kMaxTextBytes = 253;
constexpr std::size_t kMaxElements = 64;  // of one sequence that are looked at

struct Element {
    std::uint8_t tag = 0;
    ByteReader body;
    bool cut = false;  // its end is not there
};

// Lengths of up to three bytes. An element whose end is missing is given as far as it goes.
bool read_element(ByteReader& reader, Element& element) {
    std::uint8_t first = 0;
    if (!reader.read_u8(element.tag) || !reader.read_u8(first)) return false;
    std::uint64_t size = first;
    if (first >= 0x80) {
        const unsigned octets = first & 0x7fU;
        if (octets == 0 || octets > 3) return false;
        if (!reader.read_integer(octets, size)) return false;
    }
    element.cut = size > reader.remaining();
    return reader.read_sub(std::min<std::size_t>(size, reader.remaining()), element.body);
}

bool read_element(ByteReader& reader, std::uint8_t tag, Element& element) {
    return read_element(reader, element) && element.tag == tag;
}

bool is(ByteReader id, Bytes known) {
    const Bytes bytes = id.rest();
    return std::equal(bytes.begin(), bytes.end(), known.begin(), known.end());
}

std::string_view text_of(const Element& element) {
    const bool text = element.tag == kUtf8String || element.tag == kPrintableString || element.tag == kTeletexString ||
                      element.tag == kIa5String;
    if (!text || element.cut || element.body.remaining() > kMaxTextBytes) return {};
    return base::as_text(element.body.rest());
}

// A Name: sequence of sets of (type, value). Of several values of a type the last one counts, which is the most exact.
void read_name(ByteReader names, std::string_view& common, std::string_view& organisation) {
    Element set, pair, id, value;
    for (std::size_t i = 0; i < kMaxElements && !names.empty() && read_element(names, kSet, set); ++i) {
        if (!read_element(set.body, kSequence, pair) || !read_element(pair.body, kObjectId, id)) continue;
        if (!read_element(pair.body, value)) continue;
        const std::string_view text = text_of(value);
        if (text.empty()) continue;
        if (is(id.body, kCommonName)) common = text;
        if (is(id.body, kOrganisation)) organisation = text;
    }
}

void read_alternative_names(ByteReader value, Certificate& certificate) {
    Element names, name;
    if (!read_element(value, kSequence, names)) return;
    // Names that are not hosts' count too: each turn takes at least two bytes.
    while (!names.body.empty() && read_element(names.body, name)) {
        if (name.tag != kDnsName || name.cut || name.body.empty() || name.body.remaining() > kMaxTextBytes) continue;
        if (certificate.dns_name_count == Certificate::kMaxNames) {
            certificate.more_names = true;
            return;
        }
        certificate.dns_names[certificate.dns_name_count++] = base::as_text(name.body.rest());
    }
}

void read_extensions(ByteReader list, Certificate& certificate) {
    Element all, extension, id, value;
    if (!read_element(list, kSequence, all)) return;
    for (std::size_t i = 0; i < kMaxElements && !all.body.empty() && read_element(all.body, kSequence, extension);
         ++i) {
        if (!read_element(extension.body, kObjectId, id) || !is(id.body, kAlternativeNames)) continue;
        while (!extension.body.empty() && read_element(extension.body, value)) {  // criticality may precede it
            if (value.tag == kOctetString) return read_alternative_names(value.body, certificate);
        }
    }
}

}  // namespace

bool read_certificate(Bytes der, Certificate& certificate) {
    ByteReader reader(der);
    Element whole, body, element;
    if (!read_element(reader, kSequence, whole) || !read_element(whole.body, kSequence, body)) return false;
    ByteReader& fields = body.body;
    if (fields.peek() == kVersion && !read_element(fields, element)) return false;
    if (!read_element(fields, element) || !read_element(fields, element)) return false;  // serial number, algorithm
    if (!read_element(fields, kSequence, element)) return false;
    read_name(element.body, certificate.issuer_name, certificate.issuer_organisation);
    if (!read_element(fields, element) || !read_element(fields, kSequence, element)) return true;  // validity, subject
    read_name(element.body, certificate.subject_name, certificate.subject_organisation);
    for (std::size_t i = 0; i < 4 && !fields.empty() && read_element(fields, element); ++i) {  // key, unique ids
        if (element.tag == kExtensions) read_extensions(element.body, certificate);
    }
    return true;
}

}  // namespace telltale::extract::tls_server
