// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tls/client_hello.h"

#include <algorithm>

namespace telltale::extract::tls {
namespace {

using base::ByteReader;
using base::Bytes;

// A list behind a length of one or two bytes; its last odd byte is left off. Empty when the length is not sound:
// extensions that are odd inside still count for fingerprints.
Bytes list_u8(ByteReader body) {
    ByteReader list;
    return body.read_sub_u8(list) ? list.rest() : Bytes{};
}
Bytes list_u16(ByteReader body) {
    ByteReader list;
    return body.read_sub_u16(list) ? list.rest() : Bytes{};
}
Bytes even(Bytes bytes) { return bytes.first(bytes.size() & ~std::size_t{1}); }

std::string_view first_host_name(ByteReader body) {
    ByteReader list;
    if (!body.read_sub_u16(list)) return {};
    while (!list.empty()) {
        std::uint8_t type = 0;
        ByteReader name;
        if (!list.read_u8(type) || !list.read_sub_u16(name)) return {};
        if (type == 0) return base::as_text(name.rest());
    }
    return {};
}

void read_extension(std::uint16_t type, ByteReader body, ClientHello& hello) {
    switch (type) {
        case kServerName:
            hello.has_server_name = true;
            if (hello.server_name.empty()) hello.server_name = first_host_name(body);
            break;
        case kSupportedGroups: hello.groups = even(list_u16(body)); break;
        case kPointFormats: hello.point_formats = list_u8(body); break;
        case kSignatureAlgorithms: hello.signature_algorithms = even(list_u16(body)); break;
        case kAlpn: hello.alpn = list_u16(body); break;
        case kSupportedVersions: hello.supported_versions = even(list_u8(body)); break;
        case kEncryptedHello: hello.has_encrypted_hello = true; break;
        default: break;
    }
}

}  // namespace

std::uint16_t ClientHello::highest_version() const {
    const bool datagrams = (legacy_version >> 8) == 0xfe;
    std::uint16_t highest = 0;
    ByteReader reader(supported_versions);
    for (std::uint16_t version = 0; reader.read_u16(version);) {
        if (is_grease(version)) continue;
        highest = highest == 0 || (datagrams ? version < highest : version > highest) ? version : highest;
    }
    return highest == 0 ? legacy_version : highest;
}

std::optional<Malformed> read_client_hello(Bytes body, bool cut, ClientHello& hello, Cookie cookie) {
    const auto missing = [cut](Malformed reason) { return cut ? std::nullopt : std::optional(reason); };
    constexpr std::size_t kRandomBytes = 32;

    ByteReader reader(body);
    ByteReader session_id, ciphers, compression, extensions;
    if (!reader.read_u16(hello.legacy_version) || !reader.skip(kRandomBytes)) return missing(Malformed::short_header);
    ByteReader cookie_bytes;
    if (!reader.read_sub_u8(session_id) || (cookie == Cookie::yes && !reader.read_sub_u8(cookie_bytes)) ||
        !reader.read_sub_u16(ciphers))
        return missing(Malformed::bad_length);
    hello.ciphers = even(ciphers.rest());
    if (!reader.read_sub_u8(compression)) return missing(Malformed::bad_length);
    if (reader.empty()) {  // a hello without extensions ends here (RFC 5246 section 7.4.1.2)
        hello.complete = !cut;
        return std::nullopt;
    }

    std::uint16_t length = 0;
    if (!reader.read_u16(length)) return missing(Malformed::bad_length);
    const bool whole = length <= reader.remaining();
    if (!whole && !cut) return Malformed::bad_length;
    extensions = ByteReader(reader.rest().first(std::min<std::size_t>(length, reader.remaining())));
    const Bytes block = extensions.rest();
    std::size_t sound = 0;
    while (!extensions.empty()) {
        std::uint16_t type = 0;
        ByteReader extension;
        if (!extensions.read_u16(type) || !extensions.read_sub_u16(extension)) {
            hello.extensions = block.first(sound);
            return whole ? std::optional(Malformed::bad_length) : std::nullopt;
        }
        read_extension(type, extension, hello);
        sound = block.size() - extensions.remaining();
    }
    hello.extensions = block.first(sound);
    hello.complete = whole;
    return std::nullopt;
}

}  // namespace telltale::extract::tls
