// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "sensor/extract/http2/hpack.h"
#include "sensor/extract/protocol.h"
#include "sensor/extract/quic/crypto_stream.h"
#include "sensor/extract/quic/initial_keys.h"
#include "sensor/extract/tuya/announcement_opener.h"

namespace telltale::extract {

// Memory that parsers write to while they read one message; contents do not survive the call except where noted. One
// per worker, allocated with its Extractors.
struct Workspace {
    std::array<std::uint8_t, kMaxStreamBytes> hello;  // a ClientHello put together from several records
    // Values of a ClientHello as JA4 sorts them.
    std::array<std::uint16_t, kMaxStreamBytes / 2> ciphers;
    std::array<std::uint16_t, kMaxStreamBytes / 4> extensions;
    http2::Arena hpack;
    quic::InitialOpener quic_opener;
    tuya::AnnouncementOpener tuya_opener;
    quic::CryptoStream hello_stream;    // of a hello in one datagram
    quic::CryptoStreams hello_streams;  // of those that take more: what outlives a call
};

}  // namespace telltale::extract
