// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/bytes.h"

// Messages of a TLS server. Certificates are well-formed DER without a valid signature.
namespace telltale::support {

struct CertificateNames {
    std::string subject = "www.example.com";
    std::string subject_organisation = "Example Ltd";
    std::string issuer = "Example CA 1";
    std::string issuer_organisation = "Example Trust";
    std::vector<std::string> dns_names = {"www.example.com", "example.com"};
};
Bytes certificate(const CertificateNames& names = {});

// Handshake messages (type, length, body).
Bytes server_hello(std::uint16_t version, std::uint16_t cipher, std::string_view alpn = {}, bool retry = false);
Bytes certificate_message(const std::vector<Bytes>& chain);
Bytes server_hello_done();

// In records of at most `fragment` bytes.
Bytes handshake_records(const Bytes& messages, std::size_t fragment = 16384);

}  // namespace telltale::support
