// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/base/enumeration.h"

// One table of what a device says: which field of which record speaks for the device or names its destination, how its
// text is read, and which signatures are for it. Matching, correlating and showing walk this table; a new row needs no
// other line in them.
namespace telltale::signatures {

// Whose word a text is, which decides how far it is believed.
#define TELLTALE_SPEAKERS(X)                                                                        \
    X(device, "device")                                                                             \
    X(system, "system")   /* the operating system's own part: it decides which family of systems */ \
    X(program, "program") /* any program; it may run in a virtual machine or behind the device */

TELLTALE_ENUMERATION(Speaker, std::uint8_t, TELLTALE_SPEAKERS)

// How a field is read as text.
#define TELLTALE_READINGS(X)                                                                             \
    X(text, "text")                 /* as it is */                                                       \
    X(numbers, "numbers")           /* a list of numbers: "1,3,6" */                                     \
    X(question, "question")         /* a DNS question: its name */                                       \
    X(alias, "alias")               /* a DNS answer: the target of a CNAME */                            \
    X(site, "site")                 /* a certificate's name: without a leading "*." (RFC 6125, 6.4.3) */ \
    X(service_text, "service_text") /* a TXT answer: each string behind its service's type, as in "_hap._tcp md=A1" */

TELLTALE_ENUMERATION(Reading, std::uint8_t, TELLTALE_READINGS)

// Texts that speak for the device that sends them. Each is a source of evidence and a pattern set of the same name.
//   X(source, its word, in words, speaker, field, reading, kinds of records...)
#define TELLTALE_DEVICE_TEXTS(X)                                                                                  \
    X(user_agent, "user_agent", "User-Agent", program, user_agent, text, http, http2, gquic, ssdp)                \
    X(dhcp_vendor_class, "dhcp_vendor_class", "DHCP vendor class", system, dhcp_vendor_class, text, dhcp, dhcpv6) \
    X(dhcp_fingerprint, "dhcp_fingerprint", "DHCP fingerprint", system, dhcp_parameters, numbers, dhcp)           \
    X(dhcp_host_name, "dhcp_host_name", "DHCP host name", system, dhcp_host_name, text, dhcp)                     \
    X(push_service, "push_service", "push service", device, model_name, text, mipush)                             \
    X(lldp_manufacturer, "lldp_manufacturer", "LLDP manufacturer", device, manufacturer, text, lldp)              \
    X(lldp_model, "lldp_model", "LLDP model", device, model_name, text, lldp)                                     \
    X(lldp_software, "lldp_software", "LLDP software", device, software, text, lldp)                              \
    X(lldp_description, "lldp_description", "LLDP system description", device, system_description, text, lldp)    \
    X(cdp_platform, "cdp_platform", "CDP platform", device, platform, text, cdp)                                  \
    X(cdp_software, "cdp_software", "CDP software", device, software, text, cdp)                                  \
    X(mqtt_client_id, "mqtt_client_id", "MQTT client id", program, client_identifier, text, mqtt)                 \
    X(netbios_name, "netbios_name", "NetBIOS name", device, names, text, nbns)                                    \
    X(ssdp_server, "ssdp_server", "SSDP SERVER", device, ssdp_server, text, ssdp)                                 \
    X(ssh_software, "ssh_software", "SSH software", program, software, text, ssh)                                 \
    X(mdns_txt, "mdns_txt", "mDNS TXT", device, dns_answer, service_text, mdns)

// Findings of the sensor itself about a device. Each is a source of evidence and a pattern set, whose text is constant:
// signatures say what the finding means.
//   X(source, its word, in words, text)
#define TELLTALE_FINDINGS(X) X(forwarding, "forwarding", "forwarding", "forwards for other hosts")

// Evidence that comes from no pattern set of its own.
//   X(source, its word, in words, highest weight of one observation)
// A MAC prefix names the owner of a radio module as often as the maker of a device: alone it must not identify.
#define TELLTALE_OTHER_EVIDENCE(X)                  \
    X(mac_prefix, "mac_prefix", "MAC prefix", 0.45) \
    X(destination, "destination", "destinations", 1.0) /* hosts that only the maker's own devices talk to */

// Names of the destination that a record's flow goes to, which signatures of the set host_name are for. A method with
// several rows has one confidence: how far a name that is read there is believed.
//   X(method, confidence, field, reading, kinds of records...)
#define TELLTALE_DESTINATION_NAMES(X)                                                         \
    X(tls_server_name, 0.95, tls_server_name, text, tls, dtls, openvpn, quic, gquic)          \
    X(http_host, 0.9, service_name, text, http, http2) /* programs may write any name */      \
    X(coap_uri_host, 0.9, service_name, text, coap)                                           \
    X(push_service, 0.9, service_name, text, mipush)                                          \
    X(xmpp_server, 0.9, service_name, text, xmpp)                                             \
    X(mqtt_server, 0.9, service_name, text, mqtt)                                             \
    X(dns_answer, 0.8, dns_question, question, dns) /* addresses are shared */                \
    X(dns_answer, 0.8, dns_answer, alias, dns)                                                \
    X(tls_certificate, 0.75, certificate_subject, site, tls_server) /* may name many sites */ \
    X(tls_certificate, 0.75, certificate_names, site, tls_server)

// The inputs that patterns are matched against. Each has one Hyperscan database (match) and one naive matcher (its
// oracle).
#define TELLTALE_PATTERN_SETS(X) X(host_name, "host_name") TELLTALE_DEVICE_TEXTS(X) TELLTALE_FINDINGS(X)

TELLTALE_ENUMERATION(PatternSet, std::uint8_t, TELLTALE_PATTERN_SETS)

// Where evidence comes from: Evidence::source.
#define TELLTALE_EVIDENCE_SOURCES(X) TELLTALE_OTHER_EVIDENCE(X) TELLTALE_DEVICE_TEXTS(X) TELLTALE_FINDINGS(X)

TELLTALE_ENUMERATION(EvidenceSource, std::uint8_t, TELLTALE_EVIDENCE_SOURCES)

#define TELLTALE_IN_WORDS(source, word, in_words, ...) std::string_view(in_words),
inline constexpr base::EnumArray<EvidenceSource, std::string_view> kEvidenceInWords(
    {TELLTALE_EVIDENCE_SOURCES(TELLTALE_IN_WORDS)});
#undef TELLTALE_IN_WORDS

// Whose word a source is.
#define TELLTALE_BY_DEVICE(...) Speaker::device,
#define TELLTALE_BY(source, word, in_words, speaker, ...) Speaker::speaker,
inline constexpr base::EnumArray<EvidenceSource, Speaker> kSpeakerOf({TELLTALE_OTHER_EVIDENCE(TELLTALE_BY_DEVICE)
                                                                          TELLTALE_DEVICE_TEXTS(TELLTALE_BY)
                                                                              TELLTALE_FINDINGS(TELLTALE_BY_DEVICE)});
#undef TELLTALE_BY_DEVICE
#undef TELLTALE_BY

// The highest weight that one observation of a source has.
#define TELLTALE_AT_MOST(source, word, in_words, weight) weight,
#define TELLTALE_AT_MOST_ONE(...) 1.0,
inline constexpr base::EnumArray<EvidenceSource, double> kHighestWeight({TELLTALE_OTHER_EVIDENCE(
    TELLTALE_AT_MOST) TELLTALE_DEVICE_TEXTS(TELLTALE_AT_MOST_ONE) TELLTALE_FINDINGS(TELLTALE_AT_MOST_ONE)});
#undef TELLTALE_AT_MOST
#undef TELLTALE_AT_MOST_ONE

#define TELLTALE_FINDING_TEXT(finding, word, in_words, text) std::string_view finding = text;
// The texts of findings, by their names: kFindingText.forwarding.
struct FindingText {
    TELLTALE_FINDINGS(TELLTALE_FINDING_TEXT)
};
#undef TELLTALE_FINDING_TEXT
inline constexpr FindingText kFindingText;

// Returns what a set's matches are evidence of; of host_name: the destinations that only a maker's own devices talk to.
constexpr EvidenceSource source_of(PatternSet set) {
    return base::from_word<EvidenceSource>(to_string(set)).value_or(EvidenceSource::destination);
}

}  // namespace telltale::signatures
