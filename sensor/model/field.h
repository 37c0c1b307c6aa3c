// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace telltale::model {

// How a field's bytes are read and shown.
enum class FieldType : std::uint8_t {
    text,              // bytes from packets, of unknown encoding
    text_list,         // the same; shown as a list even where the record has only one
    number,            // 1 to 8 bytes, little endian (RecordWriter::put_number)
    boolean,           // a number, 0 or 1
    mac,               // 6 bytes
    ip,                // 4 or 16 bytes
    octets,            // shown as hexadecimal
    number_list,       // one byte each, shown as "1,3,6"
    wide_number_list,  // two bytes each, little endian, shown as "1,3,6"
    dns_question,      // written and read by model/dns_answer.h
    dns_answer,        // the same
};

// A field of a record. `json_name` is its key in observations (see docs in exporters/observations); `type` says how it
// is read. A protocol adds its fields here, at the end of its group; values never leave the process.
#define TELLTALE_FIELDS(X)                                          \
    X(flow_delta, "", octets)                                       \
    X(client_mac, "client_mac", mac)                                \
    X(ip_address, "ip", ip)                                         \
    X(operation, "op", number)                                      \
    X(dhcp_message_type, "msg", number)                             \
    X(dhcp_transaction, "xid", number)                              \
    X(dhcp_client_ip, "ciaddr", ip)                                 \
    X(dhcp_given_ip, "yiaddr", ip)                                  \
    X(dhcp_requested_ip, "requested_ip", ip)                        \
    X(dhcp_server_ip, "server_id", ip)                              \
    X(dhcp_parameters, "fp", number_list)                           \
    X(dhcp_vendor_class, "vendor_class", text)                      \
    X(dhcp_host_name, "hostname", text)                             \
    X(dhcp_client_id, "client_id", octets)                          \
    X(dhcp_relay_ip, "giaddr", ip)                                  \
    X(dhcp_fqdn, "fqdn", text)                                      \
    X(dhcp_options, "opts", number_list)                            \
    X(dhcp_user_class, "user_class", text)                          \
    X(dhcp_circuit_id, "circuit_id", octets)                        \
    X(dhcp_remote_id, "remote_id", octets)                          \
    X(dhcp_architecture, "arch", number)                            \
    X(dhcp_enterprise, "enterprise", number)                        \
    X(dhcp_max_size, "max_size", number)                            \
    X(dhcp_domain, "domain", text)                                  \
    X(dhcpv6_duid, "duid", octets)                                  \
    X(dhcpv6_options, "opts", wide_number_list)                     \
    X(dhcpv6_requested, "fp", wide_number_list)                     \
    X(dhcpv6_address, "iaaddr", ip)                                 \
    X(dns_response, "response", boolean)                            \
    X(dns_opcode, "opcode", number)                                 \
    X(dns_rcode, "rcode", number)                                   \
    X(dns_transaction, "id", number)                                \
    X(dns_question, "queries", dns_question)                        \
    X(dns_answer, "answers", dns_answer)                            \
    X(dns_hint, "hints", dns_answer)                                \
    X(dns_negative, "negative", boolean)                            \
    X(names, "names", text_list)                                    \
    X(netbios_suffix, "suffix", number_list)                        \
    X(netbios_address, "addr", ip)                                  \
    X(tls_version, "version", number)                               \
    X(tls_server_name, "sni", text)                                 \
    X(tls_alpn, "alpn", text_list)                                  \
    X(tls_ja3, "ja3", text)                                         \
    X(tls_ja4, "ja4", text)                                         \
    X(tls_ech, "ech", boolean)                                      \
    X(tls_cipher, "cipher", number)                                 \
    X(tls_ja3s, "ja3s", text)                                       \
    X(certificate_subject, "subject", text)                         \
    X(certificate_organisation, "subject_organisation", text)       \
    X(certificate_issuer, "issuer", text)                           \
    X(certificate_issuer_organisation, "issuer_organisation", text) \
    X(certificate_names, "san", text_list)                          \
    X(quic_version, "quic_version", text)                           \
    X(method, "method", text)                                       \
    X(target, "uri", text)                                          \
    X(service_name, "host", text)                                   \
    X(http_authority, "authority", text)                            \
    X(user_agent, "user_agent", text)                               \
    X(http_requested_with, "requested_with", text)                  \
    X(http_field_names, "headers", text)                            \
    X(http_cookie_names, "cookies", text)                           \
    X(http_content_length, "content_length", number)                \
    X(http_chunked, "chunked", boolean)                             \
    X(ssdp_server, "server", text)                                  \
    X(ssdp_usn, "usn", text)                                        \
    X(ssdp_location, "location", text)                              \
    X(ssdp_search_target, "st", text)                               \
    X(ssdp_notification_type, "nt", text)                           \
    X(ssdp_notification, "nts", text)                               \
    X(syn_signature, "sig", text)                                   \
    X(syn_ttl, "ttl", number)                                       \
    X(syn_window, "window", number)                                 \
    X(syn_segment_size, "mss", number)                              \
    X(syn_window_scale, "wscale", number)                           \
    X(syn_options, "options", number_list)                          \
    X(system_name, "system_name", text)                             \
    X(system_description, "system_description", text)               \
    X(port_id, "port_id", text)                                     \
    X(capabilities, "capabilities", number)                         \
    X(platform, "platform", text)                                   \
    X(manufacturer, "manufacturer", text)                           \
    X(model_name, "model", text)                                    \
    X(software, "software", text)                                   \
    X(protocol_version, "protocol_version", text)                   \
    X(client_identifier, "client_id", text)                         \
    X(user_name, "user", text)                                      \
    X(sender_name, "from", text)                                    \
    X(xml_namespace, "xmlns", text)                                 \
    X(hello, "hello", boolean)                                      \
    X(device_number, "device", number)                              \
    X(device_identifier, "device_id", text)                         \
    X(product_key, "product_key", text)                             \
    X(network_type, "network", text)                                \
    X(realm, "realm", text)

enum class Field : std::uint16_t {
#define X(name, json_name, type) name,
    TELLTALE_FIELDS(X)
#undef X
};

struct FieldInfo {
    std::string_view json_name;
    FieldType type;
};

inline constexpr FieldInfo kFields[] = {
#define X(name, json_name, type) {json_name, FieldType::type},
    TELLTALE_FIELDS(X)
#undef X
};
inline constexpr std::size_t kFieldCount = sizeof kFields / sizeof kFields[0];

constexpr const FieldInfo& info(Field field) { return kFields[static_cast<std::size_t>(field)]; }

}  // namespace telltale::model
