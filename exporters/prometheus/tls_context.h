// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>

#include "sensor/base/result.h"

namespace telltale::prometheus_http {

struct FreeTlsContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

// Creates a server's context for TLS 1.2 or later. With `client_ca`, clients need a certificate. The error names the
// file.
base::Result<TlsContext> make_tls_context(const std::filesystem::path& certificate, const std::filesystem::path& key,
                                          const std::filesystem::path& client_ca);

}  // namespace telltale::prometheus_http
