// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cases/cases.h"
#include "tests/support/http_message.h"

namespace telltale::support::golden {

static Frames http_case() {
    Frames frames;
    Random random(3);
    const HttpRequest first{.target = "/pass/user@id?type=MXPH",
                            .host = "api.account.xiaomi.com",
                            .user_agent = "Dalvik/1.6.0 (Linux; U; Android 4.3; HM 1SW MIUI/JHBMIBE37.0)"};
    const HttpRequest second{.method = "POST",
                             .target = "/v1",
                             .host = "api.account.xiaomi.com:80",
                             .user_agent = first.user_agent,
                             .body = Bytes(40, 'x')};
    talk(frames, 80, kStart, random)
        .handshake()
        .client_sends(first.bytes())
        .server_sends(HttpResponse{}.bytes())
        .client_sends(second.bytes())
        .server_sends(HttpResponse{}.bytes())
        .close();
    return frames;
}
static const Case kHttp{"http", http_case};

}  // namespace telltale::support::golden
