// SPDX-License-Identifier: Apache-2.0
#include "sensor/correlate/encrypted_dns.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace telltale::correlate {
namespace {

using model::Field;

constexpr std::uint16_t kEncryptedDnsPort = 853;

// Names of public resolvers, as their operators' own pages give them for DNS over HTTPS; names below count too.
constexpr std::string_view kResolvers[] = {
    "cloudflare-dns.com",  // developers.cloudflare.com/1.1.1.1
    "one.one.one.one",
    "dns.google",  // developers.google.com/speed/public-dns/docs/doh
    "dns.google.com",
    "dns.quad9.net",  // quad9.net/service/service-addresses-and-features
    "dns9.quad9.net",
    "dns10.quad9.net",
    "dns11.quad9.net",
    "doh.opendns.com",  // support.opendns.com
    "doh.familyshield.opendns.com",
    "dns.nextdns.io",       // nextdns.io
    "dns.adguard-dns.com",  // adguard-dns.io
    "unfiltered.adguard-dns.com",
    "family.adguard-dns.com",
    "doh.cleanbrowsing.org",  // cleanbrowsing.org/guides/dnsoverhttps
    "dns.controld.com",       // docs.controld.com
    "freedns.controld.com",
    "dns.mullvad.net",    // mullvad.net/help/dns-over-https-and-dns-over-tls
    "doh.dns.apple.com",  // support.apple.com (managed resolvers)
    "doh.xfinity.com",    // corporate.comcast.com
    "dns.alidns.com",     // alidns.com
    "doh.pub",            // docs.dnspod.cn
    "dot.pub",
    "doh.360.cn",  // sdns.360.net
    "dns.sb",      // dns.sb/doh
    "doh.dns.sb",
    "dns.switch.ch",  // switch.ch/security/info/public-dns
    "dns.twnic.tw",   // 101.101.101.101
    "jp.tiar.app",    // jp.tiar.app
};

bool is_resolver(std::string_view name) {
    return std::any_of(std::begin(kResolvers), std::end(kResolvers), [name](std::string_view resolver) {
        if (!name.ends_with(resolver)) return false;
        return name.size() == resolver.size() || name[name.size() - resolver.size() - 1] == '.';
    });
}

}  // namespace

Application encrypted_dns(const model::RecordView& hello) {
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
