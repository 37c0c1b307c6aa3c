// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/resource.h"

#include <algorithm>
#include <array>

#include "sensor/model/dns_answer.h"

namespace telltale::extract::dns {
namespace {

using base::ByteReader;
using base::Bytes;
using model::DnsAnswer;
using model::Field;
using model::PackedDns;
namespace dns_type = model::dns_type;

constexpr std::size_t kMaxStringBytes = 512;  // of the strings of TXT and HINFO
constexpr std::size_t kMaxHints = 8;          // of one record
// Service parameters (RFC 9460 section 14.3.2).
constexpr std::uint16_t kAlpn = 1, kIpv4Hint = 4, kEch = 5, kIpv6Hint = 6;

// Names with commas between them, as far as there is room.
struct AlpnText {
    std::array<char, 128> letters;
    std::size_t size = 0;

    void add(Bytes name) {
        if (size + name.size() + 1 > letters.size()) return;
        if (size != 0) letters[size++] = ',';
        for (const std::uint8_t letter : name) letters[size++] = static_cast<char>(letter);
    }
    [[nodiscard]] std::string_view view() const { return {letters.data(), size}; }
};

class ServiceReader {
  public:
    ServiceReader(const Resource& resource, const NameText& owner, AlpnText& alpn, model::RecordWriter& record)
        : resource_(resource), owner_(owner), alpn_(alpn), record_(record) {}

    // Behind priority and target: parameters (RFC 9460 section 2.2).
    void read(ByteReader data) {
        std::uint16_t key = 0;
        ByteReader parameter;
        while (data.read_u16(key) && data.read_sub_u16(parameter)) {
            switch (key) {
                case kAlpn: {
                    ByteReader name;
                    while (parameter.read_sub_u8(name)) alpn_.add(name.rest());
                    break;
                }
                case kEch: ech = true; break;
                case kIpv4Hint: put_hints(dns_type::a, 4, parameter); break;
                case kIpv6Hint: put_hints(dns_type::aaaa, 16, parameter); break;
                default: break;
            }
        }
    }

    bool ech = false;

  private:
    // Each as if it were an address record of the owner.
    void put_hints(std::uint16_t type, std::size_t size, ByteReader list) {
        Bytes address;
        while (hints_ < kMaxHints && list.read_bytes(size, address)) {
            const DnsAnswer hint{.type = type,
                                 .ttl_s = resource_.ttl_s,
                                 .name = owner_.view(),
                                 .address = model::IpAddress::from(address)};
            record_.put(Field::dns_hint, PackedDns(hint).bytes());
            ++hints_;
        }
    }

    const Resource& resource_;
    const NameText& owner_;
    AlpnText& alpn_;
    model::RecordWriter& record_;
    std::size_t hints_ = 0;
};

// The texts that an answer borrows.
struct AnswerTexts {
    explicit AnswerTexts(NameText::Style style) : target(style) {}
    NameText target;
    AlpnText alpn;
};

bool read_service(Bytes message, const Resource& resource, const NameText& owner, AnswerTexts& texts, DnsAnswer& answer,
                  model::RecordWriter& record) {
    ByteReader data = resource.data;
    if (!data.read_u16(answer.priority) || skip_name(data) != NameError::none) return false;
    ByteReader at(message.subspan(resource.data_start + sizeof answer.priority));
    if (read_name(message, at, texts.target) != NameError::none) return false;
    ServiceReader service(resource, owner, texts.alpn, record);
    service.read(data);
    answer.ech = service.ech;
    answer.alpn = texts.alpn.view();
    answer.target = texts.target.view();
    return true;
}

bool read_target(Bytes message, const Resource& resource, AnswerTexts& texts, DnsAnswer& answer) {
    std::size_t start = resource.data_start;
    if (resource.type == dns_type::srv) {  // RFC 2782: priority, weight, port, target
        constexpr std::size_t kFixedBytes = 6;
        ByteReader data = resource.data;
        if (!data.skip(kFixedBytes - sizeof answer.port) || !data.read_u16(answer.port)) return false;
        start += kFixedBytes;
    }
    ByteReader at(message.subspan(start));
    if (read_name(message, at, texts.target) != NameError::none) return false;
    answer.target = texts.target.view();
    return true;
}

}  // namespace

bool Resource::is_recorded() const {
    if (type == dns_type::a) return data.remaining() == 4;
    if (type == dns_type::aaaa) return data.remaining() == 16;
    return dns_type::has_target(type) || dns_type::has_strings(type) || dns_type::has_service(type);
}

Step read_resource(Bytes message, ByteReader& reader, Resource& resource) {
    resource.owner = reader;
    const NameError error = skip_name(reader);
    if (error != NameError::none) return step_of(error);
    std::uint16_t record_class = 0;
    if (!reader.read_u16(resource.type) || !reader.read_u16(record_class) || !reader.read_u32(resource.ttl_s)) {
        return Step::short_message;
    }
    resource.data_start = message.size() - reader.remaining() + 2;
    return reader.read_sub_u16(resource.data) ? Step::ok : Step::short_message;
}

Step write_resource(Bytes message, const Resource& resource, const NameText& owner, model::RecordWriter& record) {
    DnsAnswer answer{.type = resource.type, .ttl_s = resource.ttl_s, .name = owner.view()};
    AnswerTexts texts(owner.style());
    const Bytes data = resource.data.rest();
    bool sound = true;
    if (dns_type::has_service(resource.type)) {
        sound = read_service(message, resource, owner, texts, answer, record);
    } else if (dns_type::has_target(resource.type)) {
        sound = read_target(message, resource, texts, answer);
    } else if (dns_type::has_address(resource.type)) {
        answer.address = model::IpAddress::from(data);
    } else {
        answer.strings = data.first(std::min(data.size(), kMaxStringBytes));
        if (data.size() > kMaxStringBytes) record.mark_truncated();
    }
    if (!sound) return Step::bad_value;
    if (owner.view().size() > model::kMaxDnsOwnerBytes) record.mark_truncated();
    const bool whole = !record.truncated();
    record.put(Field::dns_answer, PackedDns(answer).bytes());
    return whole && record.truncated() ? Step::full : Step::ok;
}

}  // namespace telltale::extract::dns
