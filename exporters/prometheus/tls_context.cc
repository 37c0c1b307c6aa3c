// SPDX-License-Identifier: Apache-2.0
#include "exporters/prometheus/tls_context.h"

#include <openssl/err.h>

#include <string>

namespace telltale::prometheus_http {
namespace {

base::Error fail(const std::string& what) {
    const unsigned long code = ERR_get_error();
    const char* reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return base::Error{"metrics: " + what + (reason == nullptr ? std::string() : std::string(": ") + reason)};
}

}  // namespace

base::Result<TlsContext> make_tls_context(const std::filesystem::path& certificate, const std::filesystem::path& key,
                                          const std::filesystem::path& client_ca) {
    ERR_clear_error();
    TlsContext context(SSL_CTX_new(TLS_server_method()));
    if (context == nullptr) return fail("TLS cannot be set up");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
    // Allows only ephemeral keys and authenticated encryption in TLS 1.2; 1.3 has nothing else.
    SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Without this, OpenSSL would ask for a key's pass phrase on the terminal.
    SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return -1; });
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1) {
        return fail("tls_certificate " + certificate.string() + " cannot be used (PEM is expected)");
    }
    if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) {
        return fail("tls_key " + key.string() + " cannot be used (PEM without a pass phrase is expected)");
    }
    if (SSL_CTX_check_private_key(context.get()) != 1) {
        return fail("tls_key " + key.string() + " does not belong to tls_certificate " + certificate.string());
    }
    if (!client_ca.empty()) {
        if (SSL_CTX_load_verify_locations(context.get(), client_ca.c_str(), nullptr) != 1) {
            return fail("tls_client_ca " + client_ca.string() + " cannot be used (PEM is expected)");
        }
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    return context;
}

}  // namespace telltale::prometheus_http
