// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sensor/correlate/who/keyed_id.h"

// For every device and contact: OpenSSL 3 looks an algorithm up by name at each call of HMAC() or SHA1().
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace telltale::correlate {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
using Block = std::array<unsigned char, SHA256_CBLOCK>;

SHA256_CTX begin_with(const Block& key, unsigned char pad) {
    Block block;
    std::transform(key.begin(), key.end(), block.begin(),
                   [pad](unsigned char byte) { return static_cast<unsigned char>(byte ^ pad); });
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, block.data(), block.size());
    return context;
}

Digest end_with(SHA256_CTX context, base::Bytes text) {
    Digest digest;
    SHA256_Update(&context, text.data(), text.size());
    SHA256_Final(digest.data(), &context);
    return digest;
}

}  // namespace

// RFC 2104 section 2: H((K ^ opad) | H((K ^ ipad) | text)); a key longer than a block is hashed first.
SiteHash::SiteHash(std::string_view site_key) {
    Block key{};
    if (site_key.size() > key.size()) {
        SHA256_CTX context;
        SHA256_Init(&context);
        const Digest hashed = end_with(context, base::as_bytes(site_key));
        std::copy(hashed.begin(), hashed.end(), key.begin());
    } else {
        std::copy(site_key.begin(), site_key.end(), key.begin());
    }
    inner_ = begin_with(key, 0x36);
    outer_ = begin_with(key, 0x5c);
}

std::string SiteHash::operator()(std::string_view text) const {
    static constexpr char kDigits[] = "0123456789abcdef";
    constexpr std::size_t kIdBytes = 16;
    const Digest digest = end_with(outer_, end_with(inner_, base::as_bytes(text)));
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
    // FlowKey orders the sides by address and then port, as the specification does. ICMP messages without an answer are
    // not ordered.
    const bool swapped = icmp && key.port_a >= model::kIcmpCode;
    const model::IpAddress& first = swapped ? key.b : key.a;
    const model::IpAddress& second = swapped ? key.a : key.b;
    const std::uint16_t first_port = swapped ? key.port_b : key.port_a;
    std::uint16_t second_port = swapped ? key.port_a : key.port_b;
    if (icmp) second_port &= static_cast<std::uint16_t>(~model::kIcmpCode);
    // Seed, addresses, protocol, padding, ports.
    std::array<unsigned char, 2 + 2 * sizeof(model::IpAddress) + 6> message{};
    auto end = message.begin() + 2;
    for (const base::Bytes address : {first.raw(), second.raw()}) end = std::copy(address.begin(), address.end(), end);
    *end++ = key.protocol;
    *end++ = 0;
    for (const std::uint16_t port : {first_port, second_port}) {
        *end++ = static_cast<unsigned char>(port >> 8);
        *end++ = static_cast<unsigned char>(port & 0xff);
    }
    SHA_CTX context;
    SHA1_Init(&context);
    SHA1_Update(&context, message.data(), static_cast<std::size_t>(end - message.begin()));
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    SHA1_Final(digest.data(), &context);
    std::array<unsigned char, 2 + 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> text{'1', ':'};
    const int size = EVP_EncodeBlock(text.data() + 2, digest.data(), SHA_DIGEST_LENGTH);
    return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size) + 2};
}

}  // namespace telltale::correlate
