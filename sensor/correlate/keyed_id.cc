// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/keyed_id.h"

// For every device and contact: OpenSSL 3 looks an algorithm up by name at each call of HMAC() or SHA1().
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace telltale::correlate {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
using Block = std::array<unsigned char, SHA256_CBLOCK>;

Digest sha256(base::Bytes first, base::Bytes second) {
    SHA256_CTX context;
    Digest digest;
    SHA256_Init(&context);
    SHA256_Update(&context, first.data(), first.size());
    SHA256_Update(&context, second.data(), second.size());
    SHA256_Final(digest.data(), &context);
    return digest;
}

// RFC 2104 section 2: H((K ^ opad) | H((K ^ ipad) | text)); a key longer than a block is hashed first.
Digest hmac_sha256(base::Bytes key, base::Bytes text) {
    Block block{};
    if (key.size() > block.size()) {
        const Digest hashed = sha256(key, {});
        std::copy(hashed.begin(), hashed.end(), block.begin());
    } else {
        std::copy(key.begin(), key.end(), block.begin());
    }
    Block inner;
    Block outer;
    std::transform(block.begin(), block.end(), inner.begin(), [](unsigned char byte) { return byte ^ 0x36; });
    std::transform(block.begin(), block.end(), outer.begin(), [](unsigned char byte) { return byte ^ 0x5c; });
    return sha256(outer, sha256(inner, text));
}

}  // namespace

std::string keyed_id(std::string_view site_key, std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    constexpr std::size_t kIdBytes = 16;
    const Digest digest = hmac_sha256(base::as_bytes(site_key), base::as_bytes(text));
    std::string id(2 * kIdBytes, '0');
    for (std::size_t i = 0; i < kIdBytes; ++i) {
        id[2 * i] = kDigits[digest[i] >> 4];
        id[2 * i + 1] = kDigits[digest[i] & 15];
    }
    return id;
}

std::string community_id(const model::FlowKey& key) {
    const bool icmp = model::is_icmp(key.protocol);
    if ((!icmp && !model::has_ports(key.protocol)) || key.fragment != 0) return {};
    if (icmp && key.port_a == key.port_b) return {};  // its type was not captured
    // FlowKey's order of the sides, by address and then port, is the specification's. What nobody answers is not
    // ordered.
    const bool swapped = icmp && key.port_a >= model::kIcmpCode;
    const model::IpAddress& first = swapped ? key.b : key.a;
    const model::IpAddress& second = swapped ? key.a : key.b;
    const std::uint16_t first_port = swapped ? key.port_b : key.port_a;
    std::uint16_t second_port = swapped ? key.port_a : key.port_b;
    if (icmp) second_port &= static_cast<std::uint16_t>(~model::kIcmpCode);
    SHA_CTX context;
    SHA1_Init(&context);
    const auto add = [&context](base::Bytes bytes) { SHA1_Update(&context, bytes.data(), bytes.size()); };
    const std::uint8_t seed[] = {0, 0};
    add(seed);
    add(first.raw());
    add(second.raw());
    const std::uint8_t tail[] = {key.protocol,
                                 0,
                                 static_cast<std::uint8_t>(first_port >> 8),
                                 static_cast<std::uint8_t>(first_port & 0xff),
                                 static_cast<std::uint8_t>(second_port >> 8),
                                 static_cast<std::uint8_t>(second_port & 0xff)};
    add(tail);
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    SHA1_Final(digest.data(), &context);
    std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> text{};
    const int size = EVP_EncodeBlock(text.data(), digest.data(), SHA_DIGEST_LENGTH);
    return "1:" + std::string(reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size));
}

}  // namespace telltale::correlate
