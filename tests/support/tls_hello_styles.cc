// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "tests/support/tls_hello.h"

namespace telltale::support {
namespace {

using Step = std::function<void(ClientHello&)>;

const TlsNumbers kModernSignatures{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};

std::uint16_t grease(Random& random) {
    const std::uint64_t nibble = random.below(16);
    return static_cast<std::uint16_t>(0x0a0a + nibble * 0x1010);
}

TlsNumbers with_front(std::uint16_t first, const TlsNumbers& numbers) {
    TlsNumbers all;
    all.reserve(numbers.size() + 1);
    all.push_back(first);
    for (const std::uint16_t number : numbers) all.push_back(number);
    return all;
}

std::vector<std::string> alpn_or(const HelloOptions& options, std::vector<std::string> own) {
    return options.alpn.empty() ? std::move(own) : options.alpn;
}

ClientHello android_modern(std::string_view name, Random& random, const HelloOptions& options) {
    ClientHello hello(random);
    hello.cipher_suites({0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c, 0xcca9, 0xc02f, 0xc030, 0xcca8, 0xc009, 0xc00a, 0xc013,
                         0xc014, 0x009c, 0x009d, 0x002f, 0x0035});
    hello.server_name(name).extension(23).renegotiation_info().groups({29, 23, 24}).point_formats().extension(35);
    hello.alpn(alpn_or(options, {"h2", "http/1.1"})).status_request().signature_algorithms(kModernSignatures);
    hello.key_share({29}).psk_key_exchange_modes().supported_versions({0x0304, 0x0303});
    if (options.ech) hello.encrypted_client_hello(208);
    return hello.padding_to(512);
}

ClientHello android_kitkat(std::string_view name, Random& random, const HelloOptions&) {
    ClientHello hello(random);
    hello.session_id({});
    hello.cipher_suites({0xc014, 0xc00a, 0x0039, 0x0038, 0xc00f, 0xc005, 0x0035, 0xc013, 0xc009, 0x0033, 0x0032,
                         0xc00e, 0xc004, 0x002f, 0xc011, 0xc007, 0xc00c, 0xc002, 0x0005, 0x0004, 0x00ff});
    hello.server_name(name).point_formats({0, 1, 2});
    hello.groups({14, 13, 25, 11, 12, 24, 9, 10, 22, 23, 8, 6, 7, 20, 21, 4, 5, 18, 19, 1, 2, 3, 15, 16, 17});
    hello.extension(35).signature_algorithms({0x0601, 0x0602, 0x0603, 0x0501, 0x0502, 0x0503, 0x0401, 0x0402, 0x0403,
                                              0x0301, 0x0302, 0x0303, 0x0201, 0x0202, 0x0203});
    return hello;
}

ClientHello ios(std::string_view name, Random& random, const HelloOptions& options) {
    ClientHello hello(random);
    const std::uint16_t group = grease(random);
    const std::uint16_t first = grease(random);
    hello.cipher_suites(
        with_front(grease(random), {0x1301, 0x1302, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a,
                                    0xc009, 0xc014, 0xc013, 0x009d, 0x009c, 0x0035, 0x002f, 0xc008, 0xc012, 0x000a}));
    hello.extension(first).server_name(name).extension(23).renegotiation_info();
    hello.groups({group, 29, 23, 24, 25}).point_formats().alpn(alpn_or(options, {"h2", "http/1.1"})).status_request();
    hello.signature_algorithms(
        {0x0403, 0x0804, 0x0401, 0x0503, 0x0203, 0x0805, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201});
    hello.extension(18).key_share({group, 29}).psk_key_exchange_modes();
    hello.supported_versions(with_front(grease(random), {0x0304, 0x0303, 0x0302, 0x0301}));
    hello.compress_certificate({1}).extension(static_cast<std::uint16_t>(first ^ 0x1010), {0});
    return hello.padding_to(512);
}

ClientHello chrome(std::string_view name, Random& random, const HelloOptions& options) {
    ClientHello hello(random);
    const std::uint16_t group = grease(random);
    const std::uint16_t first = grease(random);
    hello.cipher_suites(with_front(grease(random), {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
                                                    0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035}));
    const auto alpn = alpn_or(options, {"h2", "http/1.1"});
    const TlsNumbers versions = with_front(grease(random), {0x0304, 0x0303});
    std::vector<Step> steps{
        [&](ClientHello& h) { h.server_name(name); },
        [](ClientHello& h) { h.extension(23); },
        [](ClientHello& h) { h.renegotiation_info(); },
        [&](ClientHello& h) {
            h.groups({group, 0x11ec, 29, 23, 24});
        },
        [](ClientHello& h) { h.point_formats(); },
        [](ClientHello& h) { h.extension(35); },
        [&](ClientHello& h) { h.alpn(alpn); },
        [](ClientHello& h) { h.status_request(); },
        [](ClientHello& h) { h.signature_algorithms(kModernSignatures); },
        [](ClientHello& h) { h.extension(18); },
        [&](ClientHello& h) {
            h.key_share({group, 0x11ec, 29});
        },
        [](ClientHello& h) { h.psk_key_exchange_modes(); },
        [&](ClientHello& h) { h.supported_versions(versions); },
        [](ClientHello& h) { h.compress_certificate({2}); },
        [](ClientHello& h) { h.application_settings({"h2"}); },
        [](ClientHello& h) { h.encrypted_client_hello(208); },
    };
    for (std::size_t i = steps.size(); i > 1; --i) std::swap(steps[i - 1], steps[random.below(i)]);
    hello.extension(first);
    for (const Step& step : steps) step(hello);
    return hello.extension(static_cast<std::uint16_t>(first ^ 0x1010), {0});
}

ClientHello windows_schannel(std::string_view name, Random& random, const HelloOptions& options) {
    ClientHello hello(random);
    hello.cipher_suites({0x1302, 0x1301, 0xc02c, 0xc02b, 0xc030, 0xc02f, 0xc024, 0xc023, 0xc028, 0xc027,
                         0xc00a, 0xc009, 0xc014, 0xc013, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f});
    hello.server_name(name).status_request().groups({29, 23, 24}).point_formats();
    hello.signature_algorithms(
        {0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603});
    hello.extension(35).alpn(alpn_or(options, {"h2", "http/1.1"})).extension(23).supported_versions({0x0304, 0x0303});
    hello.psk_key_exchange_modes().key_share({29, 23}).renegotiation_info();
    return hello;
}

ClientHello iot_openssl(std::string_view name, Random& random, const HelloOptions& options) {
    ClientHello hello(random);
    hello.session_id({});
    hello.cipher_suites({0xc030, 0xc02c, 0xc028, 0xc024, 0xc014, 0xc00a, 0x009f, 0x006b, 0x0039,
                         0x009d, 0x003d, 0x0035, 0xc02f, 0xc02b, 0xc027, 0xc023, 0xc013, 0xc009,
                         0x009e, 0x0067, 0x0033, 0x009c, 0x003c, 0x002f, 0x00ff});
    hello.server_name(name).point_formats({0, 1, 2}).groups({23, 25, 28, 27, 24, 26, 22, 14, 13, 11, 12, 9, 10});
    hello.extension(35).signature_algorithms({0x0601, 0x0602, 0x0603, 0x0501, 0x0502, 0x0503, 0x0401, 0x0402, 0x0403,
                                              0x0301, 0x0302, 0x0303, 0x0201, 0x0202, 0x0203});
    if (!options.alpn.empty()) hello.alpn(options.alpn);
    return hello.extension(15, {1});
}

ClientHello embedded_mbedtls(std::string_view name, Random& random, const HelloOptions&) {
    ClientHello hello(random);
    hello.session_id({});
    hello.cipher_suites({0xc02c, 0xc030, 0xc02b, 0xc02f, 0xc024, 0xc028, 0xc023, 0xc027, 0x00ff});
    hello.server_name(name).signature_algorithms({0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401});
    return hello.groups({24, 23, 29}).point_formats().extension(22).extension(23);
}

}  // namespace

ClientHello client_hello(HelloStyle style, std::string_view server_name, Random& random, const HelloOptions& options) {
    switch (style) {
        case HelloStyle::android_modern: return android_modern(server_name, random, options);
        case HelloStyle::android_kitkat: return android_kitkat(server_name, random, options);
        case HelloStyle::ios: return ios(server_name, random, options);
        case HelloStyle::chrome: return chrome(server_name, random, options);
        case HelloStyle::windows_schannel: return windows_schannel(server_name, random, options);
        case HelloStyle::iot_openssl: return iot_openssl(server_name, random, options);
        case HelloStyle::embedded_mbedtls: break;
    }
    return embedded_mbedtls(server_name, random, options);
}

bool offers_tls13(HelloStyle style) {
    return style == HelloStyle::android_modern || style == HelloStyle::ios || style == HelloStyle::chrome ||
           style == HelloStyle::windows_schannel;
}

}  // namespace telltale::support
