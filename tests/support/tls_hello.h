// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/bytes.h"
#include "tests/support/random.h"

namespace telltale::support {

using TlsNumbers = std::vector<std::uint16_t>;

// A TLS ClientHello (RFC 8446 section 4.1.2, RFC 5246). Extensions are in the order of the calls. GREASE
// (RFC 8701) is what the caller puts into the lists or into extension().
class ClientHello {
  public:
    // Draws the random, the session id and key material from `random` at the call that needs them.
    explicit ClientHello(Random& random);

    ClientHello& legacy_version(std::uint16_t version) { return version_ = version, *this; }
    ClientHello& session_id(Bytes id) { return session_id_ = std::move(id), *this; }
    ClientHello& cipher_suites(TlsNumbers suites) { return suites_ = std::move(suites), *this; }
    ClientHello& compression(Bytes methods) { return compression_ = std::move(methods), *this; }

    ClientHello& extension(std::uint16_t type, Bytes data = {});
    ClientHello& server_name(std::string_view name);                  // 0
    ClientHello& status_request();                                    // 5
    ClientHello& groups(const TlsNumbers& groups);                    // 10
    ClientHello& point_formats(const Bytes& formats = {0});           // 11
    ClientHello& signature_algorithms(const TlsNumbers& algorithms);  // 13
    ClientHello& alpn(const std::vector<std::string>& protocols);     // 16
    ClientHello& compress_certificate(const TlsNumbers& methods);     // 27
    ClientHello& supported_versions(const TlsNumbers& versions);      // 43
    ClientHello& psk_key_exchange_modes();                            // 45
    ClientHello& key_share(const TlsNumbers& groups);                 // 51; size by group, GREASE one octet
    ClientHello& application_settings(const std::vector<std::string>& protocols);  // 17513
    ClientHello& renegotiation_info() { return extension(0xff01, {0}); }
    ClientHello& encrypted_client_hello(std::size_t payload);  // 0xfe0d, the outer form
    ClientHello& padding_to(std::size_t handshake_size);       // 21, RFC 7685

    Bytes handshake() const;  // type, length, body
    // In TLS records of at most `fragment` octets; the record version is 0x0301 as clients send it.
    Bytes records(std::size_t fragment = 16384) const;
    const Bytes& session() const { return session_id_; }

  private:
    Random& random_;
    std::uint16_t version_ = 0x0303;
    Bytes client_random_;
    Bytes session_id_;
    TlsNumbers suites_;
    Bytes compression_{0};
    ByteWriter extensions_;
    bool has_extensions_ = false;
};

// Hellos of clients' libraries. Orders and lists are those of the named kind of client; JA3 and JA4 differ between the
// styles and are constant within one (except Chrome's JA3: it shuffles its extensions, so that only JA4 is stable).
enum class HelloStyle : std::uint8_t {
    android_modern,    // Conscrypt, TLS 1.3
    android_kitkat,    // OpenSSL 1.0.1 as in Android 4.4, TLS 1.0-1.2
    ios,               // Safari and the system, GREASE, TLS 1.3
    chrome,            // GREASE, shuffled extensions, X25519MLKEM768 share of 1,216 octets: two segments
    windows_schannel,  // TLS 1.2 and 1.3 of Windows 11
    iot_openssl,       // OpenSSL 1.0.2 in a camera, TLS 1.2, no ALPN
    embedded_mbedtls,  // few suites, TLS 1.2
};

struct HelloOptions {
    std::vector<std::string> alpn;  // empty: the style's own
    bool ech = false;               // with encrypted_client_hello; the server name is then the outer one
};

ClientHello client_hello(HelloStyle style, std::string_view server_name, Random& random,
                         const HelloOptions& options = {});
bool offers_tls13(HelloStyle style);

// A server's answer, opaque after the ServerHello: TLS 1.3 with change-cipher-spec and encrypted flight, or
// TLS 1.2 resumed (ServerHello, change-cipher-spec, encrypted finished), so that no certificate is needed.
Bytes server_flight(bool tls13, const Bytes& session_id, std::size_t encrypted_size, Random& random);
// The client's last messages: change-cipher-spec and an encrypted record.
Bytes client_finish(bool tls13, Random& random);
// Records of application data with `size` octets in total.
Bytes application_data(std::size_t size, Random& random);
Bytes tls_record(std::uint8_t type, std::uint16_t version, std::span<const std::uint8_t> content);

inline bool is_grease(std::uint16_t value) { return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff); }

}  // namespace telltale::support
