// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/dhcp/dhcp.h"

#include <algorithm>
#include <array>

namespace telltale::extract::dhcp {
namespace {

using base::ByteReader;
using base::Bytes;
using model::Field;

constexpr std::uint16_t kServerPort = 67, kClientPort = 68;
constexpr std::uint32_t kMagicCookie = 0x63825363;  // RFC 2131 section 3
constexpr std::size_t kHardwareBytes = 16, kServerNameBytes = 64, kFileBytes = 128;
constexpr std::uint8_t kEthernet = 1, kIeee802 = 6;  // hardware types
constexpr std::size_t kMacBytes = 6;

// Option codes of RFC 2132, RFC 3004 (user class), RFC 4702 (name), RFC 3046 (relay agent), RFC 4578 (architecture) and
// RFC 3925 (vendor-identifying).
constexpr std::uint8_t kPad = 0, kHostName = 12, kDomain = 15, kRequestedAddress = 50, kOverload = 52,
                       kMessageType = 53, kServerId = 54, kParameters = 55, kMaxSize = 57, kVendorClass = 60,
                       kClientId = 61, kUserClass = 77, kFqdn = 81, kRelayAgent = 82, kArchitecture = 93,
                       kVendorIdentifying = 125, kEnd = 255;
constexpr std::uint8_t kCircuitId = 1, kRemoteId = 2;  // of the relay agent's option (RFC 3046)

// An option's value, put together where it was split into several options of one code (RFC 3396 section 7).
struct Joined {
    std::array<std::uint8_t, 512> raw;
    std::size_t size = 0;
    bool cut = false;

    void add(Bytes piece) {
        const std::size_t room = std::min(piece.size(), raw.size() - size);
        std::copy_n(piece.begin(), room, raw.begin() + static_cast<std::ptrdiff_t>(size));
        size += room;
        cut = cut || room < piece.size();
    }
    [[nodiscard]] Bytes bytes() const { return Bytes(raw).first(size); }
};

struct Options {
    Joined parameters, vendor_class, host_name, client_id, fqdn, user_class;
    Bytes requested_address, server_id, domain, relay_agent, vendor_identifying;
    std::uint16_t max_size = 0, architecture = 0;
    bool has_architecture = false;
    std::uint8_t message_type = 0;
    std::uint8_t overload = 0;
    std::array<std::uint8_t, 255> codes;  // in the order of the message
    std::size_t code_count = 0;
};

bool take_u16(Bytes value, std::uint16_t& out) { return value.size() == 2 && ByteReader(value).read_u16(out); }

void take_option(std::uint8_t code, Bytes value, Options& options) {
    if (options.code_count < options.codes.size()) options.codes[options.code_count++] = code;
    switch (code) {
        case kHostName: options.host_name.add(value); break;
        case kParameters: options.parameters.add(value); break;
        case kVendorClass: options.vendor_class.add(value); break;
        case kClientId: options.client_id.add(value); break;
        case kFqdn: options.fqdn.add(value); break;
        case kUserClass: options.user_class.add(value); break;
        case kDomain: options.domain = value; break;
        case kRelayAgent: options.relay_agent = value; break;
        case kVendorIdentifying: options.vendor_identifying = value; break;
        case kMaxSize: static_cast<void>(take_u16(value, options.max_size)); break;
        case kArchitecture: options.has_architecture = take_u16(value, options.architecture); break;
        case kRequestedAddress:
            if (value.size() == 4) options.requested_address = value;
            break;
        case kServerId:
            if (value.size() == 4) options.server_id = value;
            break;
        case kMessageType:
            if (value.size() == 1) options.message_type = value[0];
            break;
        case kOverload:
            if (value.size() == 1) options.overload = value[0];
            break;
        default: break;
    }
}

// Every turn eats an option. False when one does not fit.
bool read_options(ByteReader reader, Options& options) {
    std::uint8_t code = 0;
    while (reader.read_u8(code) && code != kEnd) {
        if (code == kPad) continue;
        ByteReader value;
        if (!reader.read_sub_u8(value)) return false;
        take_option(code, value.rest(), options);
    }
    return true;
}

// Text of clients that count their terminating zero.
Bytes without_zeros(Bytes text) {
    while (!text.empty() && text.back() == 0) text = text.first(text.size() - 1);
    return text;
}

void put_address(model::RecordWriter& record, Field field, Bytes address) {
    if (std::any_of(address.begin(), address.end(), [](std::uint8_t octet) { return octet != 0; })) {
        record.put(field, address);
    }
}

void put_joined(model::RecordWriter& record, Field field, const Joined& value, Bytes bytes) {
    if (bytes.empty()) return;
    record.put(field, bytes);
    if (value.cut) record.mark_truncated();
}

// Flags and two obsolete octets, then the name as text or, with flag E, as labels (RFC 4702 section 2).
void put_fqdn(model::RecordWriter& record, const Joined& option) {
    constexpr std::uint8_t kLabels = 0x04;
    ByteReader reader(option.bytes());
    std::uint8_t flags = 0;
    if (!reader.read_u8(flags) || !reader.skip(2)) return;
    if ((flags & kLabels) == 0) {
        put_joined(record, Field::dhcp_fqdn, option, without_zeros(reader.rest()));
        return;
    }
    Joined name;
    ByteReader label;
    while (reader.peek() != 0 && reader.read_sub_u8(label)) {
        if (name.size != 0) name.add(base::as_bytes("."));
        name.add(label.rest());
    }
    put_joined(record, Field::dhcp_fqdn, name, name.bytes());
}

// Sub-options of the relay agent's: which port of which device the client is behind.
void put_relay_agent(model::RecordWriter& record, Bytes option) {
    ByteReader reader(option), value;
    std::uint8_t code = 0;
    while (reader.read_u8(code) && reader.read_sub_u8(value)) {
        if (code == kCircuitId) record.put(Field::dhcp_circuit_id, value.rest());
        if (code == kRemoteId) record.put(Field::dhcp_remote_id, value.rest());
    }
}

void put_more_options(model::RecordWriter& record, const Options& options) {
    put_joined(record, Field::dhcp_user_class, options.user_class, without_zeros(options.user_class.bytes()));
    if (const Bytes domain = without_zeros(options.domain); !domain.empty()) record.put(Field::dhcp_domain, domain);
    if (options.max_size != 0) record.put_number(Field::dhcp_max_size, options.max_size);
    if (options.has_architecture) record.put_number(Field::dhcp_architecture, options.architecture);
    std::uint32_t enterprise = 0;
    if (ByteReader(options.vendor_identifying).read_u32(enterprise)) {
        record.put_number(Field::dhcp_enterprise, enterprise);
    }
    put_relay_agent(record, options.relay_agent);
    if (options.code_count != 0) record.put(Field::dhcp_options, Bytes(options.codes).first(options.code_count));
}

void put_options(model::RecordWriter& record, const Options& options) {
    if (options.message_type != 0) record.put_number(Field::dhcp_message_type, options.message_type);
    put_address(record, Field::dhcp_requested_ip, options.requested_address);
    put_address(record, Field::dhcp_server_ip, options.server_id);
    put_joined(record, Field::dhcp_parameters, options.parameters, options.parameters.bytes());
    put_joined(record, Field::dhcp_vendor_class, options.vendor_class, without_zeros(options.vendor_class.bytes()));
    put_joined(record, Field::dhcp_host_name, options.host_name, without_zeros(options.host_name.bytes()));
    put_joined(record, Field::dhcp_client_id, options.client_id, options.client_id.bytes());
    put_fqdn(record, options.fqdn);
    put_more_options(record, options);
}

// The fixed part up to and with the client's hardware address (RFC 2131 figure 1).
bool read_fixed(ByteReader& reader, model::RecordWriter& record) {
    std::uint8_t operation = 0, hardware_type = 0, hardware_length = 0;
    std::uint32_t transaction = 0;
    Bytes client, given, relay, hardware;
    if (!reader.read_u8(operation) || !reader.read_u8(hardware_type) || !reader.read_u8(hardware_length) ||
        !reader.skip(1) || !reader.read_u32(transaction) || !reader.skip(4) || !reader.read_bytes(4, client) ||
        !reader.read_bytes(4, given) || !reader.skip(4) || !reader.read_bytes(4, relay) ||
        !reader.read_bytes(kHardwareBytes, hardware)) {
        return false;
    }
    record.put_number(Field::operation, operation);
    record.put_number(Field::dhcp_transaction, transaction);
    if ((hardware_type == kEthernet || hardware_type == kIeee802) && hardware_length == kMacBytes) {
        put_address(record, Field::client_mac, hardware.first(kMacBytes));
    }
    put_address(record, Field::dhcp_client_ip, client);
    put_address(record, Field::dhcp_given_ip, given);
    put_address(record, Field::dhcp_relay_ip, relay);
    return true;
}

}  // namespace

Sniff sniff(const Message& message) {
    const auto is_port = [](std::uint16_t port) { return port == kServerPort || port == kClientPort; };
    if (!is_port(message.source_port) && !is_port(message.destination_port)) return Sniff::no;
    const std::uint8_t operation = message.bytes.empty() ? 0 : message.bytes[0];
    return operation == 1 || operation == 2 ? Sniff::yes : Sniff::no;
}

Parsed parse(const Message& message, MessageProgress&, model::RecordWriter& record) {
    const Parsed whole = done(message.bytes.size(), false);
    ByteReader reader(message.bytes);
    if (!read_fixed(reader, record)) return malformed(Malformed::short_header);

    ByteReader server_name, file;
    std::uint32_t cookie = 0;
    if (!reader.read_sub(kServerNameBytes, server_name) || !reader.read_sub(kFileBytes, file)) {
        if (!message.cut) return malformed(Malformed::short_header);
        record.mark_truncated();
        return whole;
    }
    if (!reader.read_u32(cookie) || cookie != kMagicCookie) {  // BOOTP without options (RFC 951)
        if (message.cut) record.mark_truncated();
        return whole;
    }
    // Where the two fixed fields hold options, they continue the ones behind the cookie: first file, then sname.
    Options options;
    bool sound = read_options(reader, options);
    const std::uint8_t overload = options.overload;
    if ((overload & 1) != 0) sound = read_options(file, options) && sound;
    if ((overload & 2) != 0) sound = read_options(server_name, options) && sound;
    put_options(record, options);
    if (sound) return whole;
    record.mark_truncated();
    if (message.cut) return whole;
    Parsed parsed = malformed(Malformed::bad_length);
    parsed.partial = true;
    return parsed;
}

}  // namespace telltale::extract::dhcp
