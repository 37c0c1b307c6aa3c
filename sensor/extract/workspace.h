// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tuple>

#include "sensor/extract/http2/hpack.h"
#include "sensor/extract/quic/crypto_stream.h"
#include "sensor/extract/quic/initial_keys.h"
#include "sensor/extract/tls/hello_scratch.h"
#include "sensor/extract/tuya/announcement_opener.h"

namespace telltale::extract {

// The scratch memory that parsers ask for by the last parameters of parse(), one of each type. One per worker,
// allocated with its Extractors.
struct Workspace {
    std::tuple<tls::HelloScratch, quic::HelloStreams, quic::InitialOpener, http2::Scratch, tuya::AnnouncementOpener>
        parts;

    template <typename Scratch>
    Scratch& get() {
        return std::get<Scratch>(parts);
    }
};

}  // namespace telltale::extract
