// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/what/encrypted_dns.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace telltale::correlate {
namespace {

using model::Field;

constexpr std::uint16_t kEncryptedDnsPort = 853;

}  // namespace

EncryptedDns::EncryptedDns(const signatures::Bundle& bundle) {
    for (const signatures::Signature& resolver : bundle.resolvers) resolvers_.insert(resolver.pattern);
}

bool EncryptedDns::is_resolver(std::string_view name) const {
    while (!name.empty()) {  // each turn eats a label
        if (resolvers_.contains(name)) return true;
        const std::size_t dot = name.find('.');
        name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
    }
    return false;
}

Application EncryptedDns::of(const model::RecordView& hello) const {
    const model::RecordHeader& header = hello.header();
    const bool datagrams = header.key.protocol == model::kProtocolUdp;
    bool over_tls = header.destination_port() == kEncryptedDnsPort, over_quic = over_tls && datagrams;
    hello.for_each([&](Field field, base::Bytes value) {
        if (field != Field::tls_alpn) return;
        over_tls = over_tls || base::as_text(value) == "dot";
        over_quic = over_quic || base::as_text(value) == "doq";
    });
    if (over_quic) return Application::dns_over_quic;
    if (over_tls) return Application::dns_over_tls;
    std::array<char, 256> lower{};
    const std::string_view name = hello.text(Field::tls_server_name).substr(0, lower.size());
    std::transform(name.begin(), name.end(), lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    });
    return is_resolver({lower.data(), name.size()}) ? Application::dns_over_https : Application::other;
}

}  // namespace telltale::correlate
