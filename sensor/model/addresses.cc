// SPDX-License-Identifier: Apache-2.0
#include "sensor/model/addresses.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>

#include "sensor/model/address_text.h"

namespace telltale::model {

namespace {

std::uint64_t word_at(const IpAddress& address, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, address.bytes.data() + at, sizeof word);
    return __builtin_bswap64(word);
}

}  // namespace

bool IpPrefix::contains(const IpAddress& other) const {
    const std::uint64_t high = word_at(address, 0) ^ word_at(other, 0);
    if (bits <= 64) return bits == 0 || high >> (64 - bits) == 0;
    return high == 0 && (word_at(address, 8) ^ word_at(other, 8)) >> (128 - bits) == 0;
}

void append(std::string& out, const MacAddress& mac) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::array<char, 17> text;
    text.fill(':');
    for (std::size_t i = 0; i < mac.bytes.size(); ++i) {
        text[i * 3] = kDigits[mac.bytes[i] >> 4];
        text[i * 3 + 1] = kDigits[mac.bytes[i] & 15];
    }
    out.append(text.data(), text.size());
}

std::string to_string(const MacAddress& mac) {
    std::string text;
    append(text, mac);
    return text;
}

std::string to_string(const IpAddress& address) {
    char text[kMaxIpTextBytes];
    return {text, put_text(address, text)};
}

std::string to_string(const IpPrefix& prefix) {
    const int bits = prefix.address.is_v4() ? prefix.bits - 96 : prefix.bits;
    return to_string(prefix.address) + "/" + std::to_string(bits);
}

std::optional<MacAddress> parse_mac(std::string_view text) {
    if (text.size() != 17) return std::nullopt;
    MacAddress mac;
    for (std::size_t i = 0; i < 6; ++i) {
        if (i > 0 && text[i * 3 - 1] != ':' && text[i * 3 - 1] != '-') return std::nullopt;
        const char* first = text.data() + i * 3;
        const auto [end, error] = std::from_chars(first, first + 2, mac.bytes[i], 16);
        if (error != std::errc{} || end != first + 2) return std::nullopt;
    }
    return mac;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
    const std::string terminated(text);
    std::uint8_t raw[16];
    if (inet_pton(AF_INET, terminated.c_str(), raw) == 1) return IpAddress::v4(raw);
    if (inet_pton(AF_INET6, terminated.c_str(), raw) == 1) return IpAddress::v6(raw);
    return std::nullopt;
}

std::optional<IpPrefix> parse_prefix(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_ip(text.substr(0, slash));
    if (!address) return std::nullopt;
    const unsigned width = address->is_v4() ? 32 : 128;
    unsigned bits = width;
    if (slash != std::string_view::npos) {
        const std::string_view number = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
        if (number.empty() || error != std::errc{} || end != number.data() + number.size() || bits > width) {
            return std::nullopt;
        }
    }
    return IpPrefix{*address, static_cast<std::uint8_t>(bits + (address->is_v4() ? 96 : 0))};
}

}  // namespace telltale::model
