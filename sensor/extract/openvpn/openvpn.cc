// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/openvpn/openvpn.h"

#include <algorithm>

#include "sensor/extract/tls/handshake.h"
#include "sensor/extract/tls/tls.h"

namespace telltale::extract::openvpn {
namespace {

using base::ByteReader;
using base::Bytes;

// The upper five bits of a packet's first byte; the lower three are the key's number.
constexpr std::uint8_t kControl = 4, kAcknowledge = 5, kResetClient = 7, kResetClientV3 = 10, kControlWithKey = 11;
constexpr std::size_t kOpcodeAndSession = 1 + 8;
constexpr std::size_t kPlainResetBytes = kOpcodeAndSession + 1 + 4;  // no acknowledgements, packet id 0
constexpr std::size_t kReplayBytes = 4 + 4;                          // packet id and time, beside an HMAC
constexpr std::size_t kCryptResetBytes = kPlainResetBytes + kReplayBytes + 32;
constexpr std::size_t kHmacBytes[] = {16, 20, 28, 32, 48, 64};  // MD5, SHA-1, SHA-2
constexpr std::size_t kLengthBytes = 2;                         // before each packet in a stream
constexpr std::size_t kMaxResetBytes = 2048;                    // with a wrapped key
constexpr std::size_t kMaxAcknowledgements = 8;
constexpr std::uint32_t kFirstId = 1, kFirstIdEarly = 0x0f000001;  // the latter: a client that negotiates early
constexpr std::uint16_t kEncrypted = 0xffff;

// With the third version's wrapped key a control packet is encrypted as well.
constexpr bool is_control(std::uint8_t opcode) { return opcode == kControl || opcode == kControlWithKey; }
constexpr std::uint8_t opcode_of(Bytes packet) { return static_cast<std::uint8_t>(packet[0] >> 3); }

bool is_first_id(std::uint32_t id) { return id == kFirstId || id == kFirstIdEarly; }

// Reads from the client's first packet how many bytes lie between a packet's session id and its acknowledgements: an
// HMAC and its replay protection, or kEncrypted. False if it is not a client's reset.
bool read_reset(Bytes packet, std::uint16_t& between) {
    if (packet.size() < kPlainResetBytes || packet.size() > kMaxResetBytes || (packet[0] & 7) != 0) return false;
    const std::uint8_t opcode = opcode_of(packet);
    if (opcode != kResetClient && opcode != kResetClientV3) return false;
    const Bytes tail = packet.last(kPlainResetBytes - kOpcodeAndSession);
    const bool plain = std::all_of(tail.begin(), tail.end(), [](std::uint8_t byte) { return byte == 0; });
    const std::size_t extra = packet.size() - kPlainResetBytes;
    if (opcode == kResetClient && plain) {
        between = static_cast<std::uint16_t>(extra);
        if (extra == 0) return true;
        const auto* const hmac = std::find(std::begin(kHmacBytes), std::end(kHmacBytes), extra - kReplayBytes);
        return extra > kReplayBytes && hmac != std::end(kHmacBytes) &&
               is_first_id(base::u32_at(packet, kOpcodeAndSession + *hmac));
    }
    between = kEncrypted;
    const bool fits = opcode == kResetClient ? packet.size() == kCryptResetBytes : packet.size() > kCryptResetBytes;
    return fits && is_first_id(base::u32_at(packet, kOpcodeAndSession));
}

// A control packet's share of the TLS stream; empty if it cannot be read.
Bytes payload_of(Bytes packet, std::uint16_t between) {
    ByteReader reader(packet);
    std::uint8_t acknowledgements = 0;
    if (between == kEncrypted || !reader.skip(kOpcodeAndSession + between) || !reader.read_u8(acknowledgements))
        return {};
    if (acknowledgements > kMaxAcknowledgements) return {};
    const std::size_t acknowledged =
        acknowledgements == 0 ? 0 : std::size_t{4} * acknowledgements + 8;  // and a session
    return reader.skip(acknowledged + 4) ? reader.rest() : Bytes();
}

// Bytes of the TLS record that begins the payload; 0: none does.
std::size_t tls_record_bytes(Bytes payload) {
    if (payload.size() < tls::kRecordHeaderBytes || payload[0] != tls::kHandshakeRecord || payload[1] != 3) return 0;
    return tls::kRecordHeaderBytes + tls::record_body_bytes(payload);
}

// The hello in one TLS record, as far as it is there. What holds none is OpenVPN all the same.
Parsed write_hello(Bytes tls, const Message& message, std::size_t used, model::RecordWriter& record,
                   tls::HelloScratch& scratch) {
    Message hello = message;
    hello.bytes = tls;
    hello.cut = true;
    MessageProgress progress;
    Parsed inside = not_mine();
    if (!tls.empty() && tls::sniff(hello) == Sniff::yes) inside = tls::parse(hello, progress, record, scratch);
    const bool read = inside.outcome == Outcome::done;
    Parsed parsed = done(used, read && inside.named);
    if (!read) parsed.own = kWithoutHello;
    parsed.last = true;
    return parsed;
}

// The packet at `at` of a stream; false when it is not all there.
bool read_packet(Bytes stream, std::size_t at, Bytes& packet) {
    ByteReader reader(stream.subspan(std::min(at, stream.size())));
    std::uint16_t size = 0;
    return reader.read_u16(size) && reader.read_bytes(size, packet);
}

// Control packets' shares, in order, up to `end`.
Bytes gather(Bytes stream, std::size_t at, std::size_t end, std::uint16_t between, quic::CryptoStream& shares) {
    std::size_t size = 0;
    Bytes packet;
    for (; at < end && read_packet(stream, at, packet);
         at += kLengthBytes + packet.size()) {  // each turn eats a length
        if (packet.empty() || opcode_of(packet) != kControl) continue;
        const Bytes payload = payload_of(packet, between);
        shares.place(size, payload);
        size += payload.size();
    }
    return shares.in_order();
}

}  // namespace

Sniff sniff(const Message& message) {
    std::uint16_t between = 0;
    if (message.bytes.empty()) return Sniff::no;
    return read_reset(message.bytes, between) ? Sniff::yes : Sniff::no;
}

// progress.scanned: 1 + what read_reset() said, once the reset was seen.
Parsed parse(const Message& message, MessageProgress& progress, model::RecordWriter& record,
             tls::HelloScratch& scratch) {
    const Bytes packet = message.bytes;
    std::uint16_t between = 0;
    if (progress.scanned == 0) {
        if (!read_reset(packet, between)) return not_mine();
        if (message.cut) return write_hello({}, message, packet.size(), record, scratch);
        progress.scanned = between == kEncrypted ? kEncrypted : static_cast<std::uint16_t>(between + 1);
        return need_more();
    }
    between = progress.scanned == kEncrypted ? kEncrypted : static_cast<std::uint16_t>(progress.scanned - 1);
    if (packet.empty()) return malformed(Malformed::short_header);
    switch (opcode_of(packet)) {
        case kResetClient:
        case kResetClientV3:
        case kAcknowledge:
            if (!message.cut) return need_more();
            break;
        default:
            // Traffic that begins like OpenVPN by chance continues in another way.
            if (!is_control(opcode_of(packet)) || packet.size() < kPlainResetBytes)
                return malformed(Malformed::bad_syntax);
            break;
    }
    const Bytes tls = opcode_of(packet) == kControl ? payload_of(packet, between) : Bytes();
    return write_hello(tls, message, packet.size(), record, scratch);
}

Sniff sniff_stream(const Message& message) {
    const Bytes bytes = message.bytes;
    const Sniff unclear = message.cut ? Sniff::no : Sniff::need_more;
    const auto is_reset = [](std::uint8_t first) { return first == kResetClient << 3 || first == kResetClientV3 << 3; };
    if (bytes.empty() || bytes[0] > kMaxResetBytes >> 8) return Sniff::no;
    if (bytes.size() > kLengthBytes && !is_reset(bytes[kLengthBytes])) return Sniff::no;
    if (bytes.size() < kLengthBytes) return unclear;
    const std::size_t size = base::u16_at(bytes, 0);
    if (size < kPlainResetBytes || size > kMaxResetBytes) return Sniff::no;
    if (bytes.size() < kLengthBytes + size) return unclear;
    std::uint16_t between = 0;
    return read_reset(bytes.subspan(kLengthBytes, size), between) ? Sniff::yes : Sniff::no;
}

// progress.scanned: where the next packet starts; progress.gathered: bytes of the hello's TLS record that are missing,
// 0 before its first one.
Parsed parse_stream(const Message& message, MessageProgress& progress, model::RecordWriter& record,
                    tls::HelloScratch& scratch, quic::HelloStreams& streams) {
    const Bytes stream = message.bytes;
    Bytes packet;
    std::uint16_t between = 0;
    if (!read_packet(stream, 0, packet) || !read_reset(packet, between)) return not_mine();
    const std::size_t first = kLengthBytes + packet.size();
    std::size_t at = std::max<std::size_t>(progress.scanned, first);
    for (; read_packet(stream, at, packet); progress.scanned = static_cast<std::uint16_t>(at)) {
        at += kLengthBytes + packet.size();
        if (packet.empty()) return malformed(Malformed::bad_length);
        if (opcode_of(packet) == kAcknowledge) continue;
        if (!is_control(opcode_of(packet))) return malformed(Malformed::bad_syntax);
        const Bytes payload = opcode_of(packet) == kControl ? payload_of(packet, between) : Bytes();
        const std::size_t wanted = progress.gathered != 0 ? progress.gathered : tls_record_bytes(payload);
        if (wanted > payload.size() && !payload.empty() && wanted <= 0xffff) {
            progress.gathered = static_cast<std::uint16_t>(wanted - payload.size());
            continue;
        }
        streams.one.clear();
        return write_hello(gather(stream, first, at, between, streams.one), message, at, record, scratch);
    }
    if (!message.cut) return need_more();
    streams.one.clear();
    return write_hello(gather(stream, first, at, between, streams.one), message, stream.size(), record, scratch);
}

}  // namespace telltale::extract::openvpn
