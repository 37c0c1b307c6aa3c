// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/sha.h>

#include <string>
#include <string_view>

#include "sensor/model/flow_key.h"

namespace telltale::correlate {

// HMAC-SHA256 (RFC 2104, FIPS 180-4) of texts with the site's key; the first 16 bytes as 32 hexadecimal digits. The
// same in every run with the same key.
class SiteHash {
  public:
    explicit SiteHash(std::string_view site_key);
    [[nodiscard]] std::string operator()(std::string_view text) const;

  private:
    // Behind the key's blocks, which are the same for every text.
    SHA256_CTX inner_;
    SHA256_CTX outer_;
};

// Community ID version 1 with seed 0 (the Community ID specification) of TCP, UDP, SCTP and ICMP flows; empty for
// others.
std::string community_id(const model::FlowKey& key);

}  // namespace telltale::correlate
