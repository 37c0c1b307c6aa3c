// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "sensor/base/byte_reader.h"

struct evp_cipher_ctx_st;

namespace telltale::extract::quic {

// Versions whose client Initials can be opened: QUIC 1 (RFC 9001 section 5.2), 2 (RFC 9369), drafts 22 to 34,
// Facebook's variants of drafts, and Google's that encrypt their Initials (Q050, T050, T051).
bool is_supported(std::uint32_t version);
bool is_google_crypto(std::uint32_t version);  // Google's own handshake inside, not TLS

// A protected packet with a long header: everything from its first byte.
struct ProtectedPacket {
    std::uint32_t version = 0;
    base::Bytes connection_id;      // its destination's: the keys follow from it
    base::Bytes bytes;              // header, packet number, payload, tag
    std::size_t number_offset = 0;  // of the packet number in `bytes`
};

// Takes the protection off client Initials (RFC 9001 section 5). Owns cipher contexts, which are set up once; opening a
// packet allocates nothing. The last keys are kept: a client's packets follow each other. One per worker.
class InitialOpener {
  public:
    static constexpr std::size_t kMaxPacketBytes = 16 * 1024;
    static constexpr std::size_t kTagBytes = 16;

    InitialOpener();
    ~InitialOpener();

    // The frames in it, borrowed until the next call; nothing when it is no client's Initial. What is not
    // authenticated, as a packet whose end the capture left out, is not believed.
    std::optional<base::Bytes> open(const ProtectedPacket& packet);

  private:
    static constexpr std::size_t kMaxConnectionIdBytes = 20;  // RFC 9000 section 17.2
    struct Keys {
        std::array<std::uint8_t, 16> key{}, header{};
        std::array<std::uint8_t, 12> nonce{};
        std::uint32_t version = 0;
        std::array<std::uint8_t, kMaxConnectionIdBytes> connection_id{};
        std::size_t connection_id_bytes = SIZE_MAX;
    };
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    using Context = std::unique_ptr<evp_cipher_ctx_st, Free>;

    void derive(std::uint32_t version, base::Bytes connection_id);
    bool mask_of(base::Bytes sample, std::array<std::uint8_t, 16>& mask);

    Context aead_, header_;
    Keys keys_;
    std::unique_ptr<std::uint8_t[]> opened_;
};

}  // namespace telltale::extract::quic
