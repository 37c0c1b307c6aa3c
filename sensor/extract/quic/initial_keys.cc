// SPDX-License-Identifier: Apache-2.0
// The low-level digest lives on the stack; EVP's would be looked up and allocated for every packet.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "sensor/extract/quic/initial_keys.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>

namespace telltale::extract::quic {
namespace {

using base::Bytes;

using Salt = std::array<std::uint8_t, 20>;
using Digest = std::array<std::uint8_t, SHA256_DIGEST_LENGTH>;

constexpr std::uint32_t kVersion1 = 1, kVersion2 = 0x6b3343cf, kDraft = 0xff000000;
constexpr std::uint32_t kFacebook1 = 0xfaceb001, kFacebook2 = 0xfaceb002, kFacebookExperiment = 0xfaceb00e;
constexpr std::uint32_t kQ050 = 0x51303530, kT050 = 0x54303530, kT051 = 0x54303531;

// RFC 9001 section 5.2, RFC 9369 section 3.3.1, and section 5.2 of the drafts of draft-ietf-quic-tls.
constexpr Salt kSalt1 = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                         0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt kSalt2 = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                         0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt kSaltDraft22 = {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                               0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};
constexpr Salt kSaltDraft23 = {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                               0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt kSaltDraft29 = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                               0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
// Google's QUIC implementation.
constexpr Salt kSaltQ050 = {0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94,
                            0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45};
constexpr Salt kSaltT050 = {0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
                            0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10};
constexpr Salt kSaltT051 = {0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
                            0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d};

const Salt* salt_of(std::uint32_t version) {
    switch (version) {
        case kVersion1: return &kSalt1;
        case kVersion2: return &kSalt2;
        case kFacebook1: return &kSaltDraft22;
        case kFacebook2:
        case kFacebookExperiment: return &kSaltDraft23;
        case kQ050: return &kSaltQ050;
        case kT050: return &kSaltT050;
        case kT051: return &kSaltT051;
        default: break;
    }
    if ((version & 0xffffff00) != kDraft) return nullptr;
    const std::uint32_t draft = version & 0xff;
    if (draft == 22) return &kSaltDraft22;
    if (draft >= 23 && draft <= 28) return &kSaltDraft23;
    if (draft >= 29 && draft <= 32) return &kSaltDraft29;
    return draft == 33 || draft == 34 ? &kSalt1 : nullptr;
}

// HMAC (RFC 2104) with a key of no more than a block.
Digest hmac(Bytes key, Bytes text) {
    std::array<std::uint8_t, SHA256_CBLOCK> block{};
    std::copy_n(key.begin(), std::min(key.size(), block.size()), block.begin());
    Digest digest;
    SHA256_CTX context;
    for (std::uint8_t& octet : block) octet ^= 0x36;
    SHA256_Init(&context);
    SHA256_Update(&context, block.data(), block.size());
    SHA256_Update(&context, text.data(), text.size());
    SHA256_Final(digest.data(), &context);
    for (std::uint8_t& octet : block) octet ^= 0x36 ^ 0x5c;
    SHA256_Init(&context);
    SHA256_Update(&context, block.data(), block.size());
    SHA256_Update(&context, digest.data(), digest.size());
    SHA256_Final(digest.data(), &context);
    return digest;
}

// HKDF-Expand-Label (RFC 8446 section 7.1) without context, of no more than one digest.
template <std::size_t kSize>
void expand(const Digest& secret, std::string_view label, std::array<std::uint8_t, kSize>& out) {
    static_assert(kSize <= SHA256_DIGEST_LENGTH);
    constexpr std::string_view kPrefix = "tls13 ";
    std::array<std::uint8_t, 64> info{};
    std::size_t size = 0;
    const auto put = [&](std::string_view text) {
        for (const char letter : text) info[size++] = static_cast<std::uint8_t>(letter);
    };
    info[size++] = 0;
    info[size++] = static_cast<std::uint8_t>(kSize);
    info[size++] = static_cast<std::uint8_t>(kPrefix.size() + label.size());
    put(kPrefix);
    put(label);
    info[size++] = 0;
    info[size++] = 1;  // the first block of the output (RFC 5869 section 2.3)
    const Digest digest = hmac(secret, Bytes(info).first(size));
    std::copy_n(digest.begin(), kSize, out.begin());
}

}  // namespace

bool is_supported(std::uint32_t version) { return salt_of(version) != nullptr; }
bool is_google_crypto(std::uint32_t version) { return version == kQ050; }

void InitialOpener::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

InitialOpener::InitialOpener()
    : aead_(EVP_CIPHER_CTX_new()), header_(EVP_CIPHER_CTX_new()), opened_(new std::uint8_t[kMaxPacketBytes]) {
    if (!aead_ || !header_ || EVP_DecryptInit_ex(aead_.get(), EVP_aes_128_gcm(), nullptr, nullptr, nullptr) != 1 ||
        EVP_EncryptInit_ex(header_.get(), EVP_aes_128_ecb(), nullptr, nullptr, nullptr) != 1) {
        throw std::bad_alloc();
    }
}
InitialOpener::~InitialOpener() = default;

void InitialOpener::derive(std::uint32_t version, Bytes connection_id) {
    const Bytes known = Bytes(keys_.connection_id).first(std::min(keys_.connection_id_bytes, kMaxConnectionIdBytes));
    if (keys_.version == version && keys_.connection_id_bytes == connection_id.size() &&
        std::equal(known.begin(), known.end(), connection_id.begin())) {
        return;
    }
    const bool two = version == kVersion2;
    const Digest initial = hmac(*salt_of(version), connection_id);
    Digest client;
    expand(initial, "client in", client);
    expand(client, two ? "quicv2 key" : "quic key", keys_.key);
    expand(client, two ? "quicv2 iv" : "quic iv", keys_.nonce);
    expand(client, two ? "quicv2 hp" : "quic hp", keys_.header);
    keys_.version = version;
    keys_.connection_id_bytes = connection_id.size();
    std::copy(connection_id.begin(), connection_id.end(), keys_.connection_id.begin());
}

// RFC 9001 section 5.4.3.
bool InitialOpener::mask_of(Bytes sample, std::array<std::uint8_t, 16>& mask) {
    std::array<std::uint8_t, 32> out;
    int size = 0;
    if (EVP_EncryptInit_ex(header_.get(), nullptr, nullptr, keys_.header.data(), nullptr) != 1 ||
        EVP_EncryptUpdate(header_.get(), out.data(), &size, sample.data(), static_cast<int>(sample.size())) != 1) {
        return false;
    }
    std::copy_n(out.begin(), mask.size(), mask.begin());
    return true;
}

std::optional<Bytes> InitialOpener::open(const ProtectedPacket& packet) {
    constexpr std::size_t kSampleOffset = 4, kSampleBytes = 16;
    const Bytes bytes = packet.bytes;
    const bool fits = packet.number_offset + kSampleOffset + kSampleBytes <= bytes.size() &&
                      bytes.size() <= kMaxPacketBytes && packet.connection_id.size() <= kMaxConnectionIdBytes;
    if (!fits || !is_supported(packet.version)) return std::nullopt;
    derive(packet.version, packet.connection_id);
    std::array<std::uint8_t, 16> mask;
    if (!mask_of(bytes.subspan(packet.number_offset + kSampleOffset, kSampleBytes), mask)) return std::nullopt;

    // The header as it was before protection: it is authenticated.
    const std::uint8_t first = bytes[0] ^ (mask[0] & 0x0f);
    const std::size_t number_bytes = (first & 3U) + 1;
    std::array<std::uint8_t, 12> nonce = keys_.nonce;
    std::array<std::uint8_t, 4> number;
    for (std::size_t i = 0; i < number_bytes; ++i) {
        number[i] = bytes[packet.number_offset + i] ^ mask[1 + i];
        nonce[nonce.size() - number_bytes + i] ^= number[i];
    }
    const std::size_t payload_at = packet.number_offset + number_bytes;
    if (bytes.size() < payload_at + kTagBytes) return std::nullopt;
    const Bytes sealed = bytes.subspan(payload_at, bytes.size() - payload_at - kTagBytes);
    std::array<std::uint8_t, kTagBytes> tag;
    std::copy_n(bytes.end() - kTagBytes, kTagBytes, tag.begin());

    int size = 0;
    EVP_CIPHER_CTX* const aead = aead_.get();
    const auto add_header = [&](Bytes part) {
        return part.empty() || EVP_DecryptUpdate(aead, nullptr, &size, part.data(), static_cast<int>(part.size())) == 1;
    };
    if (EVP_DecryptInit_ex(aead, nullptr, nullptr, keys_.key.data(), nonce.data()) != 1 ||
        !add_header(Bytes(&first, 1)) || !add_header(bytes.subspan(1, packet.number_offset - 1)) ||
        !add_header(Bytes(number).first(number_bytes)) ||
        EVP_DecryptUpdate(aead, opened_.get(), &size, sealed.data(), static_cast<int>(sealed.size())) != 1) {
        return std::nullopt;
    }
    int rest = 0;
    if (EVP_CIPHER_CTX_ctrl(aead, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) != 1 ||
        EVP_DecryptFinal_ex(aead, opened_.get() + size, &rest) != 1) {
        return std::nullopt;
    }
    return Bytes(opened_.get(), static_cast<std::size_t>(size));
}

}  // namespace telltale::extract::quic
