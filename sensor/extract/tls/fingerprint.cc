// SPDX-License-Identifier: Apache-2.0
// The low-level digests live on the stack. EVP contexts, their replacement, allocate while they are set up and look an
// algorithm up under a lock, which a worker does not do for every hello.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "sensor/extract/tls/fingerprint.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

namespace telltale::extract::tls {
namespace {

using base::ByteReader;
using base::Bytes;

constexpr char kHexDigits[] = "0123456789abcdef";

class Md5 {
  public:
    static constexpr std::size_t kBytes = MD5_DIGEST_LENGTH;
    Md5() { MD5_Init(&context_); }
    void add(const char* text, std::size_t size) { MD5_Update(&context_, text, size); }
    void finish(std::uint8_t* digest) { MD5_Final(digest, &context_); }

  private:
    MD5_CTX context_;
};

class Sha256 {
  public:
    static constexpr std::size_t kBytes = SHA256_DIGEST_LENGTH;
    Sha256() { SHA256_Init(&context_); }
    void add(const char* text, std::size_t size) { SHA256_Update(&context_, text, size); }
    void finish(std::uint8_t* digest) { SHA256_Final(digest, &context_); }

  private:
    SHA256_CTX context_;
};

// A digest of text that is written in small pieces.
template <typename Digest>
class TextDigest {
  public:
    void put(char letter) {
        make_room();
        text_[used_++] = letter;
    }
    void put_decimal(unsigned value) {
        make_room();
        used_ = static_cast<std::size_t>(std::to_chars(text_.data() + used_, text_.data() + text_.size(), value).ptr -
                                         text_.data());
    }
    void put_hex(std::uint16_t value) {
        make_room();
        for (unsigned shift = 16; shift > 0; shift -= 4) text_[used_++] = kHexDigits[(value >> (shift - 4)) & 0xf];
    }
    // The first out.size() / 2 bytes as lower-case hexadecimal.
    void finish(std::span<char> out) {
        flush();
        std::uint8_t digest[Digest::kBytes];
        digest_.finish(digest);
        for (std::size_t i = 0; i < out.size(); ++i) {
            const unsigned octet = digest[i / 2];
            out[i] = kHexDigits[i % 2 == 0 ? octet >> 4 : octet & 0xf];
        }
    }

  private:
    static constexpr std::size_t kMostAtOnce = 10;  // the digits of 2^32

    void make_room() {
        if (text_.size() - used_ < kMostAtOnce) flush();
    }
    void flush() {
        digest_.add(text_.data(), used_);
        used_ = 0;
    }

    Digest digest_;
    std::array<char, 512> text_;
    std::size_t used_ = 0;
};

// Calls visit(type) for every extension, in order.
template <typename Visit>
void for_each_extension(Bytes extensions, Visit&& visit) {
    ByteReader reader(extensions);
    std::uint16_t type = 0;
    ByteReader body;
    while (reader.read_u16(type) && reader.read_sub_u16(body)) visit(type);
}

template <typename Visit>
void for_each_u16(Bytes list, Visit&& visit) {
    ByteReader reader(list);
    for (std::uint16_t value = 0; reader.read_u16(value);) visit(value);
}

std::array<char, 2> version_digits(std::uint16_t version) {
    switch (version) {
        case 0x0304: return {'1', '3'};
        case 0x0303: return {'1', '2'};
        case 0x0302: return {'1', '1'};
        case 0x0301: return {'1', '0'};
        case 0x0300: return {'s', '3'};
        case 0x0002: return {'s', '2'};
        case 0xfeff: return {'d', '1'};
        case 0xfefd: return {'d', '2'};
        case 0xfefc: return {'d', '3'};
        default: return {'0', '0'};
    }
}

bool is_alphanumeric(std::uint8_t octet) {
    return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
}

// First and last letter of the first protocol name; of its hexadecimal form where one of the two is no letter or digit.
std::array<char, 2> alpn_letters(Bytes alpn) {
    ByteReader reader(alpn);
    ByteReader name;
    if (!reader.read_sub_u8(name) || name.empty()) return {'0', '0'};
    const std::uint8_t first = name.rest().front();
    const std::uint8_t last = name.rest().back();
    if (is_alphanumeric(first) && is_alphanumeric(last)) return {static_cast<char>(first), static_cast<char>(last)};
    return {kHexDigits[first >> 4], kHexDigits[last & 0xf]};
}

// Sorted values in hexadecimal with commas, hashed to 12 digits; twelve zeros without values.
void write_list_hash(std::span<std::uint16_t> values, Bytes tail, std::span<char> out) {
    if (values.empty()) {
        std::fill(out.begin(), out.end(), '0');
        return;
    }
    std::sort(values.begin(), values.end());
    TextDigest<Sha256> text;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i != 0) text.put(',');
        text.put_hex(values[i]);
    }
    char before = '_';
    for_each_u16(tail, [&](std::uint16_t value) {
        if (is_grease(value)) return;
        text.put(before);
        text.put_hex(value);
        before = ',';
    });
    text.finish(out);
}

}  // namespace

void write_ja3(const ClientHello& hello, Ja3Text& out) {
    TextDigest<Md5> text;
    const auto put_list = [&text](bool& first, unsigned value) {
        if (!first) text.put('-');
        first = false;
        text.put_decimal(value);
    };
    const auto put_u16s = [&](Bytes list) {
        bool first = true;
        for_each_u16(list, [&](std::uint16_t value) {
            if (!is_grease(value)) put_list(first, value);
        });
    };
    text.put_decimal(hello.legacy_version);
    text.put(',');
    put_u16s(hello.ciphers);
    text.put(',');
    bool first = true;
    for_each_extension(hello.extensions, [&](std::uint16_t type) {
        if (!is_grease(type)) put_list(first, type);
    });
    text.put(',');
    put_u16s(hello.groups);
    text.put(',');
    first = true;
    for (const std::uint8_t format : hello.point_formats) put_list(first, format);
    text.finish(out);
}

void write_ja3s(std::uint16_t legacy_version, std::uint16_t cipher, Bytes extensions, Ja3Text& out) {
    TextDigest<Md5> text;
    text.put_decimal(legacy_version);
    text.put(',');
    text.put_decimal(cipher);
    text.put(',');
    bool first = true;
    for_each_extension(extensions, [&](std::uint16_t type) {
        if (!first) text.put('-');
        first = false;
        text.put_decimal(type);
    });
    text.finish(out);
}

void write_ja4(const ClientHello& hello, char transport, std::span<std::uint16_t> ciphers,
               std::span<std::uint16_t> extensions, Ja4Text& out) {
    std::size_t cipher_count = 0;
    for_each_u16(hello.ciphers, [&](std::uint16_t cipher) {
        if (!is_grease(cipher) && cipher_count < ciphers.size()) ciphers[cipher_count++] = cipher;
    });
    std::size_t extension_count = 0;  // with server name and ALPN, which are counted and not hashed
    std::size_t hashed_count = 0;
    for_each_extension(hello.extensions, [&](std::uint16_t type) {
        if (is_grease(type)) return;
        ++extension_count;
        if (type != kServerName && type != kAlpn && hashed_count < extensions.size()) extensions[hashed_count++] = type;
    });

    const std::array<char, 2> version = version_digits(hello.highest_version());
    const std::array<char, 2> alpn = alpn_letters(hello.alpn);
    const std::size_t shown_ciphers = std::min<std::size_t>(cipher_count, 99);
    const std::size_t shown_extensions = std::min<std::size_t>(extension_count, 99);
    const auto digit = [](std::size_t value) { return static_cast<char>('0' + value % 10); };
    const std::array<char, 11> head = {transport,
                                       version[0],
                                       version[1],
                                       hello.has_server_name ? 'd' : 'i',
                                       digit(shown_ciphers / 10),
                                       digit(shown_ciphers),
                                       digit(shown_extensions / 10),
                                       digit(shown_extensions),
                                       alpn[0],
                                       alpn[1],
                                       '_'};
    std::copy(head.begin(), head.end(), out.begin());
    out[23] = '_';
    const std::span<char> text(out);
    write_list_hash(ciphers.first(cipher_count), {}, text.subspan(11, 12));
    write_list_hash(extensions.first(hashed_count), hello.signature_algorithms, text.subspan(24, 12));
}

}  // namespace telltale::extract::tls
