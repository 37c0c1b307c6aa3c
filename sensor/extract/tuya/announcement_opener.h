// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "sensor/base/byte_reader.h"

struct evp_cipher_ctx_st;

namespace telltale::extract::tuya {

// Takes the encryption off announcements: AES-128 with a key that all devices and apps share, so that it is no secret.
// Owns cipher contexts, which are set up once; opening allocates nothing. One per worker.
class AnnouncementOpener {
  public:
    static constexpr std::size_t kMaxBytes = 1024;
    static constexpr std::size_t kBlockBytes = 16, kNonceBytes = 12, kTagBytes = 16;

    AnnouncementOpener();
    ~AnnouncementOpener();

    // Protocol 3.2 to 3.4, ECB: the whole blocks of `sealed`, at most kMaxBytes. Borrowed until the next call.
    base::Bytes open_blocks(base::Bytes sealed);
    // Protocol 3.5, GCM: empty when it is not authentic. Borrowed until the next call.
    base::Bytes open_sealed(base::Bytes header, base::Bytes nonce, base::Bytes sealed, base::Bytes tag);

  private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    using Context = std::unique_ptr<evp_cipher_ctx_st, Free>;

    Context blocks_, sealed_;
    std::array<std::uint8_t, kMaxBytes + kBlockBytes> opened_;
};

}  // namespace telltale::extract::tuya
