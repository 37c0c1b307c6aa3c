// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <unordered_set>

#include "sensor/base/keyed_hash.h"
#include "sensor/correlate/what/application.h"
#include "sensor/model/record.h"
#include "signatures/bundle.h"

namespace telltale::correlate {

// Recognises ClientHellos that begin encrypted DNS: over TLS (RFC 7858: port 853 or ALPN "dot"), over QUIC
// (RFC 9250: UDP port 853 or ALPN "doq"), over HTTPS (RFC 8484: the name of a resolver that the bundle knows, or one
// below it).
class EncryptedDns {
  public:
    explicit EncryptedDns(const signatures::Bundle& bundle);
    [[nodiscard]] Application of(const model::RecordView& hello) const;

  private:
    [[nodiscard]] bool is_resolver(std::string_view name) const;  // in lower case

    std::unordered_set<std::string_view, base::TextHash> resolvers_;  // texts of the bundle
};

}  // namespace telltale::correlate
