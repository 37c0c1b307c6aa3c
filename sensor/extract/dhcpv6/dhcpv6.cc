// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dhcpv6/dhcpv6.h"

#include <algorithm>
#include <array>

namespace telltale::extract::dhcpv6 {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint16_t kClientPort = 546, kServerPort = 547;
constexpr std::uint8_t kRelayForward = 12, kRelayReply = 13, kLastType = 36;  // RFC 8415 section 7.3 and IANA
constexpr unsigned kMaxRelays = 8;                                            // HOP_COUNT_LIMIT, section 7.6
constexpr std::size_t kAddressBytes = 16, kMacBytes = 6;
constexpr std::uint16_t kEthernet = 1;  // hardware type
constexpr std::size_t kMaxTextBytes = 255, kMaxDuidBytes = 128;
constexpr std::size_t kMaxAddresses = 16;

// Option codes (IANA).
constexpr std::uint16_t kClientId = 1, kIaNa = 3, kIaTa = 4, kIaAddress = 5, kOptionRequest = 6, kRelayMessage = 9,
                        kVendorClass = 16, kFqdn = 39, kClientLinkAddress = 79;

// A list of u16, in the order of the message; shown as numbers with commas.
template <std::size_t kSize>
struct Codes {
    std::array<std::uint8_t, 2 * kSize> raw;
    std::size_t size = 0;

    void add(std::uint16_t code) {
        if (size == raw.size()) return;
        raw[size++] = static_cast<std::uint8_t>(code & 0xff);
        raw[size++] = static_cast<std::uint8_t>(code >> 8);
    }
    [[nodiscard]] Bytes bytes() const { return Bytes(raw).first(size); }
};

class MessageReader {
  public:
    explicit MessageReader(model::RecordWriter& record) : record_(record) {}

    // A message; relays' messages contain each other and the client's or the server's.
    bool read_message(ByteReader reader, unsigned relays) {
        std::uint8_t type = 0;
        if (!reader.read_u8(type)) return false;
        if (type == kRelayForward || type == kRelayReply) {
            if (!reader.skip(1) || !reader.read_bytes(kAddressBytes, relay_) || !reader.skip(kAddressBytes))
                return false;
            return relays < kMaxRelays && read_relays_options(reader, relays + 1);
        }
        std::uint32_t transaction = 0;
        if (!reader.read_u24(transaction)) return false;
        record_.put_number(Field::dhcp_message_type, type);
        record_.put_number(Field::dhcp_transaction, transaction);
        inner_ = true;
        return for_each_option(reader, [&](std::uint16_t code, ByteReader value) {
            options_.add(code);
            take_option(code, value);
            return true;
        });
    }

    void finish() {
        if (!relay_.empty()) record_.put(Field::dhcp_relay_ip, relay_);
        if (mac_.size() == kMacBytes) record_.put(Field::client_mac, mac_);
        if (options_.size != 0) record_.put(Field::dhcpv6_options, options_.bytes());
        if (requested_.size != 0) record_.put(Field::dhcpv6_requested, requested_.bytes());
    }
    [[nodiscard]] bool empty() const { return !inner_ && relay_.empty(); }

  private:
    // Every turn eats an option; nesting is bounded by relays and by one level of identity associations.
    template <typename Take>
    static bool for_each_option(ByteReader reader, Take&& take) {
        bool sound = true;
        while (sound && !reader.empty()) {
            std::uint16_t code = 0;
            ByteReader value;
            if (!reader.read_u16(code) || !reader.read_sub_u16(value)) return false;
            sound = take(code, value);
        }
        return sound;
    }

    // A relay's own options say nothing of the client but its link-layer address (RFC 6939).
    bool read_relays_options(ByteReader reader, unsigned relays) {
        return for_each_option(reader, [&](std::uint16_t code, ByteReader value) {
            std::uint16_t hardware = 0;
            if (code == kRelayMessage) return read_message(value, relays);
            const bool of_client = code == kClientLinkAddress && value.read_u16(hardware) && hardware == kEthernet;
            if (of_client) mac_ = value.rest();
            return true;
        });
    }

    void take_option(std::uint16_t code, ByteReader value) {
        switch (code) {
            case kClientId: take_duid(value); break;
            case kOptionRequest:
                for (std::uint16_t wanted = 0; value.read_u16(wanted);) requested_.add(wanted);
                break;
            case kIaNa: take_addresses(value, 12); break;
            case kIaTa: take_addresses(value, 4); break;
            case kVendorClass: take_vendor_class(value); break;
            case kFqdn: take_name(value); break;
            default: break;
        }
    }

    // RFC 8415 section 11: of kinds 1 and 3 the link-layer address is a part.
    void take_duid(ByteReader value) {
        constexpr std::uint16_t kLinkLayerTime = 1, kLinkLayer = 3;
        const Bytes duid = value.rest();
        record_.put(Field::dhcpv6_duid, duid.first(std::min(duid.size(), kMaxDuidBytes)));
        std::uint16_t kind = 0, hardware = 0;
        if (!value.read_u16(kind) || !value.read_u16(hardware) || hardware != kEthernet || !mac_.empty()) return;
        if (kind == kLinkLayer || (kind == kLinkLayerTime && value.skip(4))) mac_ = value.rest();
    }

    void take_addresses(ByteReader association, std::size_t fixed_bytes) {
        std::uint16_t code = 0;
        ByteReader value;
        Bytes address;
        if (!association.skip(fixed_bytes)) return;
        while (association.read_u16(code) && association.read_sub_u16(value)) {
            if (code != kIaAddress || addresses_ == kMaxAddresses || !value.read_bytes(kAddressBytes, address))
                continue;
            record_.put(Field::dhcpv6_address, address);
            ++addresses_;
        }
    }

    void take_vendor_class(ByteReader value) {
        std::uint32_t enterprise = 0;
        ByteReader text;
        if (!value.read_u32(enterprise)) return;
        record_.put_number(Field::dhcp_enterprise, enterprise);
        if (!value.read_sub_u16(text) || text.empty()) return;
        record_.put(Field::dhcp_vendor_class, text.rest().first(std::min(text.remaining(), kMaxTextBytes)));
    }

    // RFC 4704 section 4.2: flags and labels.
    void take_name(ByteReader value) {
        std::array<std::uint8_t, kMaxTextBytes> name;
        std::size_t size = 0;
        ByteReader label;
        if (!value.skip(1)) return;
        while (value.peek() != 0 && value.read_sub_u8(label)) {
            if (size + 1 + label.remaining() > name.size()) return;
            if (size != 0) name[size++] = '.';
            std::copy(label.rest().begin(), label.rest().end(), name.begin() + static_cast<std::ptrdiff_t>(size));
            size += label.remaining();
        }
        if (size != 0) record_.put(Field::dhcp_fqdn, Bytes(name).first(size));
    }

    model::RecordWriter& record_;
    Codes<128> options_;
    Codes<128> requested_;
    Bytes mac_;
    Bytes relay_;  // the link-address of the relay that is nearest to the client
    std::size_t addresses_ = 0;
    bool inner_ = false;
};

}  // namespace

Sniff sniff(const Message& message) {
    const auto is_port = [](std::uint16_t port) { return port == kClientPort || port == kServerPort; };
    if (!is_port(message.source_port) && !is_port(message.destination_port)) return Sniff::no;
    return !message.bytes.empty() && message.bytes[0] >= 1 && message.bytes[0] <= kLastType ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    MessageReader content(record);
    const bool sound = content.read_message(ByteReader(message.bytes), 0);
    content.finish();
    if (sound) return done(message.bytes.size(), false);
    if (content.empty()) return malformed(Malformed::short_header);
    record.mark_truncated();
    if (message.cut) return done(message.bytes.size(), false);
    Parsed parsed = malformed(Malformed::bad_length);
    parsed.partial = true;
    return parsed;
}

}  // namespace telltale::extract::dhcpv6
