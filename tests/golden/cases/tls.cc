// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cases/cases.h"
#include "tests/support/tls_hello.h"

namespace telltale::support::golden {

static Frames tls_case() {
    Frames frames;
    Random random(2);
    const Bytes hello = client_hello(HelloStyle::chrome, "api.ad.intl.xiaomi.com", random).records();
    talk(frames, 443, kStart, random).handshake().client_sends(hello).server_sends(Bytes(1200, 0x17)).close();
    return frames;
}
static const Case kTls{"tls", tls_case};

}  // namespace telltale::support::golden
