// SPDX-License-Identifier: Apache-2.0
#include "sensor/extract/tls_server/certificate.h"
#include "tests/fuzz/extract_target.h"

// The first byte's highest bit chooses: a stream, or a certificate alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    if (size == 0) return 0;
    if ((data[0] & 0x80) == 0) {
        extract::fuzz::check_stream({data, size}, 40000);
        return 0;
    }
    extract::tls_server::Certificate certificate;
    static_cast<void>(extract::tls_server::read_certificate({data + 1, size - 1}, certificate));
    extract::fuzz::require(certificate.dns_name_count <= extract::tls_server::Certificate::kMaxNames);
    return 0;
}
