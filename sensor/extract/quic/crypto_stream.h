// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sensor/base/byte_reader.h"
#include "sensor/extract/protocol.h"

namespace telltale::extract::quic {

// The start of a client's CRYPTO stream (RFC 9000 section 19.6), put together from pieces that come in any order. Of
// bytes that come twice the first copy stays. Pieces beyond its size, or with more than kMaxRanges gaps, are left out.
class CryptoStream {
  public:
    static constexpr std::size_t kMaxBytes = 16 * 1024;

    void clear() {
        range_count_ = 0;
        key_id_bytes_ = 0;
    }
    void place(std::uint64_t offset, base::Bytes piece);
    // The bytes that are there without a gap, from the start.
    [[nodiscard]] base::Bytes in_order() const;
    [[nodiscard]] bool empty() const { return range_count_ == 0; }

    // The connection id that the first packet's keys follow from: a client that has learnt the server's id addresses it
    // by that, and keeps the keys (RFC 9001 section 5.2). At most 20 bytes; empty: not known.
    void remember_key_id(base::Bytes id);
    [[nodiscard]] base::Bytes key_id() const { return base::Bytes(key_id_).first(key_id_bytes_); }

  private:
    static constexpr std::size_t kMaxRanges = 32;
    struct Range {
        std::uint32_t begin = 0, end = 0;
    };

    std::array<std::uint8_t, 20> key_id_;
    std::size_t key_id_bytes_ = 0;
    std::array<Range, kMaxRanges> ranges_;  // ascending, with gaps between them
    std::size_t range_count_ = 0;
    std::array<std::uint8_t, kMaxBytes> bytes_;
};

// The streams of clients whose hello takes more than one datagram, a fixed number of them. When all are taken the
// oldest goes: its flow finds another's tag there, and starts anew. One per worker.
class CryptoStreams {
  public:
    static constexpr std::size_t kStreams = 64;

    CryptoStreams() : streams_(kStreams), tags_{} {}

    // The stream that `progress` remembers; null if it has none, or has it no longer.
    [[nodiscard]] CryptoStream* find(const MessageProgress& progress);
    // Another one, empty, which `progress` then remembers.
    CryptoStream& take(MessageProgress& progress);

  private:
    std::vector<CryptoStream> streams_;
    std::array<std::uint16_t, kStreams> tags_;
    std::uint16_t last_tag_ = 0;
    std::size_t next_ = 0;
};

// Where hellos in datagrams are put together.
struct HelloStreams {
    CryptoStream one;       // of a hello in one datagram; does not survive the call
    CryptoStreams several;  // of those that take more, kept between calls
};

}  // namespace telltale::extract::quic
