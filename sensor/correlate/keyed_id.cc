// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/keyed_id.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <vector>

namespace telltale::correlate {

std::string keyed_id(std::string_view site_key, std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    constexpr unsigned kIdBytes = 16;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), site_key.data(), static_cast<int>(site_key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
    std::string id;
    for (unsigned i = 0; i < kIdBytes; ++i) {
        id += kDigits[digest[i] >> 4];
        id += kDigits[digest[i] & 15];
    }
    return id;
}

std::string community_id(const model::FlowKey& key) {
    constexpr std::uint8_t kProtocolSctp = 132;
    const bool has_ports = key.protocol == model::kProtocolTcp || key.protocol == model::kProtocolUdp ||
                           key.protocol == kProtocolSctp;
    if (!has_ports || key.fragment != 0) return {};
    // FlowKey's order of the sides, by address and then port, is the specification's.
    std::vector<std::uint8_t> input = {0, 0};
    auto append = [&input](base::Bytes bytes) { input.insert(input.end(), bytes.begin(), bytes.end()); };
    append(key.a.raw());
    append(key.b.raw());
    const std::uint8_t tail[] = {key.protocol,
                                 0,
                                 static_cast<std::uint8_t>(key.port_a >> 8),
                                 static_cast<std::uint8_t>(key.port_a & 0xff),
                                 static_cast<std::uint8_t>(key.port_b >> 8),
                                 static_cast<std::uint8_t>(key.port_b & 0xff)};
    append(tail);
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(input.data(), input.size(), digest.data());
    std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> text{};
    const int size = EVP_EncodeBlock(text.data(), digest.data(), SHA_DIGEST_LENGTH);
    return "1:" + std::string(reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size));
}

}  // namespace telltale::correlate
