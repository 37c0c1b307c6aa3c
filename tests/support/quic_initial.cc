// SPDX-License-Identifier: Apache-2.0
#include "tests/support/quic_initial.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace telltale::support {
namespace {

constexpr std::uint32_t kVersion2 = 0x6b3343cf, kQ050 = 0x51303530;

Bytes salt_of(std::uint32_t version) {
    if (version == kVersion2) return from_hex("0dede3def700a6db819381be6e269dcbf9bd2ed9");
    if (version == kQ050) return from_hex("504574efd066fe2f9d945cfcdbd3a7f0d3b56b45");
    if (version == 0xff00001d) return from_hex("afbfec289993d24c9e9786f19c6111e04390a899");
    return from_hex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
}

Bytes hmac(const Bytes& key, const Bytes& text) {
    Bytes out(32);
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), text.data(), text.size(), out.data(), &size) ==
        nullptr) {
        throw std::runtime_error("HMAC failed");
    }
    return out;
}

Bytes expand(const Bytes& secret, std::string_view label, std::uint32_t size) {
    ByteWriter info;
    info.u16(size).u8(static_cast<std::uint32_t>(6 + label.size())).text("tls13 ").text(label).u8(0).u8(1);
    Bytes out = hmac(secret, info.bytes());
    out.resize(size);
    return out;
}

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Bytes seal(const QuicKeys& keys, const Bytes& nonce, const Bytes& header, const Bytes& frames) {
    const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Bytes out(frames.size() + 16);
    int size = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data());
    EVP_EncryptUpdate(context.get(), nullptr, &size, header.data(), static_cast<int>(header.size()));
    EVP_EncryptUpdate(context.get(), out.data(), &size, frames.data(), static_cast<int>(frames.size()));
    EVP_EncryptFinal_ex(context.get(), out.data() + size, &size);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, out.data() + frames.size());
    return out;
}

Bytes header_mask(const QuicKeys& keys, const Bytes& sample) {
    const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Bytes out(32);
    int size = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, keys.header.data(), nullptr);
    EVP_EncryptUpdate(context.get(), out.data(), &size, sample.data(), 16);
    return out;
}

void put_varint(ByteWriter& out, std::size_t value) { out.u16(0x4000U | static_cast<std::uint32_t>(value)); }

}  // namespace

QuicKeys quic_client_keys(std::uint32_t version, const Bytes& connection_id) {
    const Bytes client = expand(hmac(salt_of(version), connection_id), "client in", 32);
    const std::string prefix = version == kVersion2 ? "quicv2 " : "quic ";
    return {expand(client, prefix + "key", 16), expand(client, prefix + "iv", 12), expand(client, prefix + "hp", 16)};
}

std::vector<CryptoPiece> crypto_pieces(std::size_t size, std::size_t count) {
    std::vector<CryptoPiece> pieces;
    for (std::size_t i = 0; i < count; ++i)
        pieces.push_back({size * i / count, size * (i + 1) / count - size * i / count});
    return pieces;
}

Bytes QuicInitial::packet(const Bytes& handshake, const std::vector<CryptoPiece>& pieces) const {
    ByteWriter frames;
    frames.raw(frames_before);
    for (const CryptoPiece& piece : pieces) {
        frames.u8(6);
        put_varint(frames, piece.offset);
        put_varint(frames, piece.size);
        frames.raw(std::span(handshake).subspan(piece.offset, piece.size));
    }
    if (frames.size() < padded_frames) frames.pad_to(padded_frames);
    return packet_of(frames.bytes());
}

Bytes QuicInitial::packet_of(const Bytes& frames) const {
    constexpr std::size_t kNumberBytes = 4, kTagBytes = 16;
    const QuicKeys keys = quic_client_keys(version, connection_id);
    ByteWriter header;
    const std::uint32_t type = version == kVersion2 ? 1 : 0;
    header.u8(0xc0U | type << 4 | (kNumberBytes - 1)).u32(version);
    const Bytes& id = header_id.empty() ? connection_id : header_id;
    header.u8(static_cast<std::uint32_t>(id.size())).raw(id).u8(0);
    put_varint(header, token.size());
    header.raw(token);
    put_varint(header, kNumberBytes + frames.size() + kTagBytes);
    const std::size_t number_at = header.size();
    header.u32(number);

    Bytes nonce = keys.nonce;
    for (std::size_t i = 0; i < 4; ++i) nonce[8 + i] ^= static_cast<std::uint8_t>(number >> (24 - 8 * i));
    Bytes out = header.bytes() + seal(keys, nonce, header.bytes(), frames);
    const Bytes sample(out.begin() + static_cast<std::ptrdiff_t>(number_at + 4),
                       out.begin() + static_cast<std::ptrdiff_t>(number_at + 20));
    const Bytes mask = header_mask(keys, sample);
    out[0] = static_cast<std::uint8_t>(out[0] ^ (mask[0] & 0x0f));
    for (std::size_t i = 0; i < kNumberBytes; ++i) out[number_at + i] ^= mask[1 + i];
    return out;
}

Bytes google_hello(const std::string& version, const std::string& server_name, const std::string& user_agent) {
    const auto le = [](ByteWriter& out, std::size_t value, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i) out.u8(static_cast<std::uint32_t>(value >> (8 * i) & 0xff));
    };
    ByteWriter out;
    out.u8(0x0d).zeros(8).text(version).u8(1);  // flags, connection id, version, packet number
    out.zeros(12).u8(0xa0).u8(1).u16(400);      // hash, a stream frame
    out.text("CHLO");
    le(out, 3, 2);
    out.u16(0);
    std::size_t end = 0;
    for (const auto& [tag, value] : {std::pair<std::string, std::string>{"PAD\0", std::string(64, '-')},
                                     {std::string("SNI\0", 4), server_name},
                                     {"UAID", user_agent}}) {
        out.text(std::string(tag + std::string(4, '\0')).substr(0, 4));
        le(out, end += value.size(), 4);
    }
    return out.text(std::string(64, '-')).text(server_name).text(user_agent).take();
}

}  // namespace telltale::support
