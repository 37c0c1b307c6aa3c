// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sensor/extract/quic/crypto_stream.h"
#include "sensor/extract/quic/quic.h"
#include "tests/fuzz/extract_target.h"

// The first byte's lowest bit chooses: a datagram, or the frames behind an Initial's protection.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace telltale;
    if (size == 0) return 0;
    const base::Bytes bytes(data + 1, size - 1);
    if ((data[0] & 1) == 0) {
        for (const bool cut : {false, true}) extract::fuzz::read_datagram(bytes, 443, cut);
        return 0;
    }
    static const auto stream = std::make_unique<extract::quic::CryptoStream>();
    stream->clear();
    static_cast<void>(extract::quic::read_frames(bytes, *stream));
    extract::fuzz::require(stream->in_order().size() <= extract::quic::CryptoStream::kMaxBytes);
    return 0;
}
