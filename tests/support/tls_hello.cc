// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_hello.h"

#include <algorithm>

namespace telltale::support {
namespace {

constexpr std::uint16_t kX25519Mlkem768 = 0x11ec;
constexpr std::uint16_t kX25519Kyber768 = 0x6399;

void write_numbers(ByteWriter& out, const TlsNumbers& numbers) {
    for (const std::uint16_t number : numbers) out.u16(number);
}

Bytes number_list(const TlsNumbers& numbers, std::size_t length_width) {
    ByteWriter out;
    const std::size_t mark = out.open(length_width);
    write_numbers(out, numbers);
    out.close(mark, length_width);
    return out.take();
}

Bytes protocol_list(const std::vector<std::string>& protocols) {
    ByteWriter out;
    const std::size_t mark = out.open(2);
    for (const std::string& protocol : protocols) out.u8(static_cast<std::uint32_t>(protocol.size())).text(protocol);
    out.close(mark, 2);
    return out.take();
}

Bytes key_material(std::uint16_t group, Random& random) {
    if (is_grease(group)) return {0};
    if (group == kX25519Mlkem768 || group == kX25519Kyber768) return random.bytes(1184 + 32);
    const std::size_t size = group == 23 ? 65 : group == 24 ? 97 : group == 25 ? 133 : 32;
    Bytes key = random.bytes(size);
    if (group >= 23 && group <= 25) key[0] = 4;  // an uncompressed point
    return key;
}

}  // namespace

ClientHello::ClientHello(Random& random)
    : random_(random), client_random_(random.bytes(32)), session_id_(random.bytes(32)) {}

ClientHello& ClientHello::extension(std::uint16_t type, Bytes data) {
    extensions_.u16(type).u16(static_cast<std::uint32_t>(data.size())).raw(data);
    has_extensions_ = true;
    return *this;
}

ClientHello& ClientHello::server_name(std::string_view name) {
    ByteWriter out;
    const auto size = static_cast<std::uint32_t>(name.size());
    out.u16(size + 3).u8(0).u16(size).text(name);
    return extension(0, out.take());
}

ClientHello& ClientHello::status_request() { return extension(5, {1, 0, 0, 0, 0}); }

ClientHello& ClientHello::groups(const TlsNumbers& groups) { return extension(10, number_list(groups, 2)); }

ClientHello& ClientHello::point_formats(const Bytes& formats) {
    return extension(11, ByteWriter().u8(static_cast<std::uint32_t>(formats.size())).raw(formats).take());
}

ClientHello& ClientHello::signature_algorithms(const TlsNumbers& algorithms) {
    return extension(13, number_list(algorithms, 2));
}

ClientHello& ClientHello::alpn(const std::vector<std::string>& protocols) {
    return extension(16, protocol_list(protocols));
}

ClientHello& ClientHello::compress_certificate(const TlsNumbers& methods) {
    return extension(27, number_list(methods, 1));
}

ClientHello& ClientHello::supported_versions(const TlsNumbers& versions) {
    return extension(43, number_list(versions, 1));
}

ClientHello& ClientHello::psk_key_exchange_modes() { return extension(45, {1, 1}); }

ClientHello& ClientHello::key_share(const TlsNumbers& groups) {
    ByteWriter out;
    const std::size_t mark = out.open(2);
    for (const std::uint16_t group : groups) {
        const Bytes key = key_material(group, random_);
        out.u16(group).u16(static_cast<std::uint32_t>(key.size())).raw(key);
    }
    out.close(mark, 2);
    return extension(51, out.take());
}

ClientHello& ClientHello::application_settings(const std::vector<std::string>& protocols) {
    return extension(17513, protocol_list(protocols));
}

ClientHello& ClientHello::encrypted_client_hello(std::size_t payload) {
    ByteWriter out;
    out.u8(0).u16(1).u16(1).raw(random_.bytes(1)).u16(32).raw(random_.bytes(32));
    out.u16(static_cast<std::uint32_t>(payload)).raw(random_.bytes(payload));
    return extension(0xfe0d, out.take());
}

ClientHello& ClientHello::padding_to(std::size_t handshake_size) {
    const std::size_t size = handshake().size();
    if (size + 4 < handshake_size) extension(21, Bytes(handshake_size - size - 4));
    return *this;
}

Bytes ClientHello::handshake() const {
    ByteWriter out;
    out.u8(1);
    const std::size_t body = out.open(3);
    out.u16(version_).raw(client_random_);
    out.u8(static_cast<std::uint32_t>(session_id_.size())).raw(session_id_);
    out.raw(number_list(suites_, 2));
    out.u8(static_cast<std::uint32_t>(compression_.size())).raw(compression_);
    if (has_extensions_) out.u16(static_cast<std::uint32_t>(extensions_.size())).raw(extensions_.bytes());
    out.close(body, 3);
    return out.take();
}

Bytes ClientHello::records(std::size_t fragment) const {
    const Bytes message = handshake();
    Bytes out;
    for (std::size_t start = 0; start < message.size(); start += fragment) {
        const std::size_t size = std::min(fragment, message.size() - start);
        out = std::move(out) + tls_record(22, 0x0301, std::span(message).subspan(start, size));
    }
    return out;
}

Bytes tls_record(std::uint8_t type, std::uint16_t version, std::span<const std::uint8_t> content) {
    ByteWriter out;
    out.u8(type).u16(version).u16(static_cast<std::uint32_t>(content.size())).raw(content);
    return out.take();
}

Bytes server_flight(bool tls13, const Bytes& session_id, std::size_t encrypted_size, Random& random) {
    ByteWriter hello;
    hello.u8(2);
    const std::size_t body = hello.open(3);
    hello.u16(0x0303).raw(random.bytes(32)).u8(static_cast<std::uint32_t>(session_id.size())).raw(session_id);
    hello.u16(tls13 ? 0x1301 : 0xc02f).u8(0);
    const std::size_t extensions = hello.open(2);
    if (tls13) {
        hello.u16(51).u16(36).u16(29).u16(32).raw(random.bytes(32));  // key share
        hello.u16(43).u16(2).u16(0x0304);                             // selected version
    } else {
        hello.u16(0xff01).u16(1).u8(0);
    }
    hello.close(extensions, 2);
    hello.close(body, 3);
    const Bytes change_cipher{1};
    const Bytes sealed = random.bytes(tls13 ? encrypted_size : 40);
    return tls_record(22, 0x0303, hello.bytes()) + tls_record(20, 0x0303, change_cipher) +
           tls_record(tls13 ? 23 : 22, 0x0303, sealed);
}

Bytes client_finish(bool tls13, Random& random) {
    const Bytes change_cipher{1};
    return tls_record(20, 0x0303, change_cipher) + tls_record(tls13 ? 23 : 22, 0x0303, random.bytes(tls13 ? 53 : 40));
}

Bytes application_data(std::size_t size, Random& random) {
    constexpr std::size_t kRecord = 4096;
    constexpr std::size_t kSealOverhead = 17;
    Bytes out;
    while (size > 0) {
        const std::size_t part = std::min(size, kRecord);
        out = std::move(out) + tls_record(23, 0x0303, random.bytes(part + kSealOverhead));
        size -= part;
    }
    return out;
}

}  // namespace telltale::support
