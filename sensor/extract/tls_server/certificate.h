// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "sensor/base/byte_reader.h"

namespace telltale::extract::tls_server {

// Subject and issuer of a certificate (RFC 5280 section 4.1), borrowed from its bytes: printable, UTF-8 or IA5 strings
// as sent; values in other encodings are left out.
struct Certificate {
    static constexpr std::size_t kMaxNames = 16;

    std::string_view subject_name;  // common name
    std::string_view subject_organisation;
    std::string_view issuer_name;
    std::string_view issuer_organisation;
    std::string_view dns_names[kMaxNames];  // of the subject's alternative names (section 4.2.1.6)
    std::size_t dns_name_count = 0;
    bool more_names = false;
};

// Reads a certificate in DER (ITU-T X.690): as far as it is sound and there. False when not even the issuer is.
bool read_certificate(base::Bytes der, Certificate& certificate);

}  // namespace telltale::extract::tls_server
