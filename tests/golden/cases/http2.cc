// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cases/cases.h"
#include "tests/support/http2_request.h"

namespace telltale::support::golden {

static Frames http2_case() {
    Frames frames;
    Random random(8);
    talk(frames, 80, kStart, random)
        .handshake()
        .client_sends(http2_connection(http2_block({{":method", "POST"},
                                                    {":scheme", "http"},
                                                    {":authority", "tracking.miui.com"},
                                                    {":path", "/track/v1"},
                                                    {"user-agent", "okhttp/4.9"},
                                                    {"content-type", "application/json"}}),
                                       60))
        .server_sends(from_hex("000000040000000000"))
        .close();
    return frames;
}
static const Case kHttp2{"http2", http2_case};

}  // namespace telltale::support::golden
