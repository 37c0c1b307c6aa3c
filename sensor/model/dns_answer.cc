// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/dns_answer.h"

#include <algorithm>
#include <cstring>

namespace telltale::model {
namespace {

constexpr std::size_t kMaxAlpnBytes = 255;

bool read_service(base::ByteReader& reader, DnsAnswer& answer) {
    std::uint8_t bits = 0;
    base::ByteReader alpn;
    if (!reader.read_le_u16(answer.priority) || !reader.read_u8(bits) || !reader.read_sub_u8(alpn)) return false;
    answer.ech = (bits & 1) != 0;
    answer.alpn = base::as_text(alpn.rest());
    return true;
}

}  // namespace

std::string_view dns_type_name(std::uint16_t type) {
    switch (type) {
#define X(constant, number, name) \
    case number: return name;
        TELLTALE_DNS_TYPES(X)
#undef X
        default: return {};
    }
}

PackedDns::PackedDns(const DnsQuestion& question) {
    put(question.type, 2);
    put(question.name);
}

PackedDns::PackedDns(const DnsAnswer& answer) {
    const std::string_view name = answer.name.substr(0, kMaxDnsOwnerBytes);
    put(answer.type, 2);
    put(answer.ttl_s, 4);
    put(static_cast<std::uint32_t>(name.size()), 1);
    put(name);
    if (dns_type::has_address(answer.type)) put(answer.address.raw());
    if (dns_type::has_strings(answer.type)) put(answer.strings);
    if (answer.type == dns_type::srv) put(answer.port, 2);
    if (dns_type::has_service(answer.type)) {
        const std::string_view alpn = answer.alpn.substr(0, kMaxAlpnBytes);
        put(answer.priority, 2);
        put(answer.ech ? 1 : 0, 1);
        put(static_cast<std::uint32_t>(alpn.size()), 1);
        put(alpn);
    }
    put(answer.target);
}

void PackedDns::put(std::uint32_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes && size_ < raw_.size(); ++i) {
        raw_[size_++] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

void PackedDns::put(base::Bytes bytes) {
    const std::size_t size = std::min(bytes.size(), raw_.size() - size_);
    if (size != 0) std::memcpy(raw_.data() + size_, bytes.data(), size);
    size_ += size;
}

bool read(base::Bytes packed, DnsQuestion& question) {
    base::ByteReader reader(packed);
    if (!reader.read_le_u16(question.type)) return false;
    question.name = base::as_text(reader.rest());
    return true;
}

bool read(base::Bytes packed, DnsAnswer& answer) {
    base::ByteReader reader(packed);
    base::ByteReader name;
    if (!reader.read_le_u16(answer.type) || !reader.read_le_u32(answer.ttl_s) || !reader.read_sub_u8(name)) {
        return false;
    }
    answer.name = base::as_text(name.rest());
    if (dns_type::has_address(answer.type)) {
        answer.address = IpAddress::from(reader.rest());
    } else if (dns_type::has_strings(answer.type)) {
        answer.strings = reader.rest();
    } else if (answer.type == dns_type::srv) {
        if (reader.read_le_u16(answer.port)) answer.target = base::as_text(reader.rest());
    } else if (!dns_type::has_service(answer.type) || read_service(reader, answer)) {
        answer.target = base::as_text(reader.rest());
    }
    return true;
}

}  // namespace telltale::model
