// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dns/resource.h"

#include <algorithm>
#include <array>

#include "sensor/extract/dns/packed_value.h"

namespace telltale::extract::dns {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::size_t kMaxFieldNameBytes = 255;  // of a name as text in an answer: its length is one byte
constexpr std::size_t kMaxStringBytes = 512;     // of the strings of TXT and HINFO
constexpr std::size_t kMaxHints = 8;             // of one record
// Service parameters (RFC 9460 section 14.3.2).
constexpr std::uint16_t kAlpn = 1, kIpv4Hint = 4, kEch = 5, kIpv6Hint = 6;

bool is_service(std::uint16_t type) { return type == kTypeSvcb || type == kTypeHttps; }
bool has_strings(std::uint16_t type) { return type == kTypeTxt || type == kTypeHinfo; }
bool has_target(std::uint16_t type) { return type == kTypeCname || type == kTypePtr || type == kTypeSrv; }

void put_head(PackedValue& value, std::uint16_t type, std::uint32_t ttl_s, const NameText& owner) {
    const std::string_view name = owner.view().substr(0, kMaxFieldNameBytes);
    value.put_number(type, 2);
    value.put_number(ttl_s, 4);
    value.put_number(static_cast<std::uint32_t>(name.size()), 1);
    value.put(name);
}

// Names with commas between them, as far as there is room.
struct AlpnText {
    std::array<char, 128> letters;
    std::size_t size = 0;

    void add(Bytes name) {
        if (size + name.size() + 1 > letters.size()) return;
        if (size != 0) letters[size++] = ',';
        for (const std::uint8_t letter : name) letters[size++] = static_cast<char>(letter);
    }
};

class ServiceReader {
  public:
    ServiceReader(const Resource& resource, const NameText& owner, model::RecordWriter& record)
        : resource_(resource), owner_(owner), record_(record) {}

    // Behind priority and target: parameters (RFC 9460 section 2.2).
    void read(ByteReader data) {
        std::uint16_t key = 0;
        ByteReader parameter;
        while (data.read_u16(key) && data.read_sub_u16(parameter)) {
            switch (key) {
                case kAlpn: {
                    ByteReader name;
                    while (parameter.read_sub_u8(name)) alpn.add(name.rest());
                    break;
                }
                case kEch: ech = true; break;
                case kIpv4Hint: put_hints(kTypeA, 4, parameter); break;
                case kIpv6Hint: put_hints(kTypeAaaa, 16, parameter); break;
                default: break;
            }
        }
    }

    AlpnText alpn;
    bool ech = false;

  private:
    // Each as if it were an address record of the owner.
    void put_hints(std::uint16_t type, std::size_t size, ByteReader list) {
        Bytes address;
        while (hints_ < kMaxHints && list.read_bytes(size, address)) {
            PackedValue value;
            put_head(value, type, resource_.ttl_s, owner_);
            value.put(address);
            record_.put(Field::dns_hint, value.bytes());
            ++hints_;
        }
    }

    const Resource& resource_;
    const NameText& owner_;
    model::RecordWriter& record_;
    std::size_t hints_ = 0;
};

bool put_service(Bytes message, const Resource& resource, const NameText& owner, PackedValue& value,
                 model::RecordWriter& record) {
    ByteReader data = resource.data;
    std::uint16_t priority = 0;
    if (!data.read_u16(priority) || skip_name(data) != NameError::none) return false;
    ByteReader at(message.subspan(resource.data_start + sizeof priority));
    NameText target(owner.style());
    if (read_name(message, at, target) != NameError::none) return false;
    ServiceReader service(resource, owner, record);
    service.read(data);
    value.put_number(priority, 2);
    value.put_number(service.ech ? 1 : 0, 1);
    value.put_number(static_cast<std::uint32_t>(service.alpn.size), 1);
    value.put({service.alpn.letters.data(), service.alpn.size});
    value.put(target.view());
    return true;
}

bool put_target(Bytes message, const Resource& resource, const NameText& owner, PackedValue& value) {
    std::size_t start = resource.data_start;
    if (resource.type == kTypeSrv) {  // RFC 2782: priority, weight, port, target
        constexpr std::size_t kFixedBytes = 6;
        ByteReader data = resource.data;
        std::uint16_t port = 0;
        if (!data.skip(kFixedBytes - sizeof port) || !data.read_u16(port)) return false;
        value.put_number(port, 2);
        start += kFixedBytes;
    }
    ByteReader at(message.subspan(start));
    NameText target(owner.style());
    if (read_name(message, at, target) != NameError::none) return false;
    value.put(target.view());
    return true;
}

}  // namespace

bool Resource::told() const {
    if (type == kTypeA) return data.remaining() == 4;
    if (type == kTypeAaaa) return data.remaining() == 16;
    return has_target(type) || has_strings(type) || is_service(type);
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
    PackedValue value;
    put_head(value, resource.type, resource.ttl_s, owner);
    bool sound = true;
    if (is_service(resource.type)) {
        sound = put_service(message, resource, owner, value, record);
    } else if (has_target(resource.type)) {
        sound = put_target(message, resource, owner, value);
    } else {
        const Bytes data = resource.data.rest();
        value.put(data.first(std::min(data.size(), kMaxStringBytes)));
        if (data.size() > kMaxStringBytes) record.mark_truncated();
    }
    if (!sound) return Step::bad_value;
    if (owner.view().size() > kMaxFieldNameBytes) record.mark_truncated();
    const bool whole = !record.truncated();
    record.put(Field::dns_answer, value.bytes());
    return whole && record.truncated() ? Step::full : Step::ok;
}

}  // namespace telltale::extract::dns
